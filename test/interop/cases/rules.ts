import type { Group, Lab } from '../harness.ts';
import { answer, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

/** Rules on messages over a whole call: what a peer is sent, and what is read of it. */

async function prepare({ data, addresses: { sip, pbx, itsp } }: Lab): Promise<object> {
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  return {
    listeners: [{ name: 'sip', bind: at(sip) }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), health: 'off' },
      {
        name: 'itsp',
        kind: 'itsp',
        addresses: at(itsp),
        health: 'off',
        manipulation: [
          {
            name: 'prefixed',
            direction: 'out',
            methods: 'INVITE',
            do: [
              { replace: 'request-uri.user', matching: '^49', with: '0049' },
              { replace: 'To.user', matching: '^49', with: '0049' },
              { replace: 'From.user', matching: '^49', with: '0' },
            ],
          },
          { name: 'marked', direction: 'out', of: 'requests', do: { set: 'X-Marked', value: '{trunk} {called}' } },
          {
            name: 'brief',
            direction: 'out',
            do: [{ remove: 'User-Agent' }, { 'sdp-add': 'a=x-ruled:1', media: 'audio' }],
          },
          {
            name: 'ringing',
            direction: 'in',
            statuses: '183',
            when: { part: 'body-type', is: 'absent' },
            do: { status: 180 },
          },
          { name: 'unmarked', direction: 'in', do: { 'sdp-remove': '^a=x-theirs' } },
        ],
      },
    ],
    records: { path: data },
    routes: [
      { name: 'out', from: 'pbx', to: 'itsp' },
      { name: 'in', from: 'itsp', to: 'pbx' },
    ],
  };
}

/** Who is who, in each request of the dialog that the trunk gets. */
const known = ['From: <sip:030100@', 'To: <sip:004989[0-9]*@', 'X-Marked: itsp 4989'];
const ruled = { expect: [...known, 'a=x-ruled:1'], refuse: ['User-Agent:'] };
const theirs = { lines: ['a=x-theirs:1'] };

export const rules: Group = {
  name: 'rules',
  prepare,
  cases: [
    {
      name: 'rules hold over a call with re-INVITEs of both sides, to its BYE',
      async run(lab) {
        await lab.call({
          caller: scenario('caller', [
            caller.invite({ body: sdp() }),
            receive(100, { optional: true }),
            receive(180),
            receiveAnswer({ refuse: ['x-ruled', 'x-theirs', 'X-Marked'] }),
            caller.ack(),
            pause(200),
            caller.request('INVITE', 2, { body: sdp({ direction: 'sendonly', version: 2 }) }),
            receive(100, { optional: true }),
            receiveAnswer({ expect: ['a=recvonly'], refuse: ['x-theirs'] }),
            caller.ack(2),
            receive('INVITE', { refuse: ['x-theirs', 'X-Marked'], expect: ['To: <sip:4930100@'] }),
            answer('200 OK', { body: sdp({ version: 3 }) }),
            receive('ACK', { refuse: ['X-Marked'] }),
            pause(200),
            caller.request('BYE', 3),
            receive(200),
          ]),
          callee: scenario('callee', [
            callee.receivesInvite({ ...ruled, expect: [...ruled.expect, 'INVITE sip:004989[0-9]*@'] }),
            callee.reply('183 Session Progress'),
            callee.reply('200 OK', { body: sdp(theirs) }),
            receive('ACK', { expect: known }),
            receive('INVITE', ruled),
            answer('200 OK', { body: sdp({ ...theirs, direction: 'recvonly', version: 2 }) }),
            receive('ACK', { expect: known }),
            callee.request('INVITE', 1, { body: sdp({ ...theirs, version: 3 }) }),
            receive(100, { optional: true }),
            receiveAnswer({ expect: ['a=x-ruled:1'], refuse: ['X-Marked'] }),
            callee.ack(1),
            receive('BYE', { expect: known }),
            answer('200 OK'),
          ]),
        });
        await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }]);
      },
    },
    {
      name: 'a CANCEL and the ACK of its 487 bear what rules made of the INVITE',
      async run(lab) {
        await lab.call({
          caller: scenario('caller gives up', [
            caller.invite({ body: sdp() }),
            receive(100, { optional: true }),
            receive(180),
            pause(200),
            caller.cancel(),
            receive(200, { expect: ['CSeq:.*CANCEL'] }),
            receive(487, { expect: ['CSeq:.*INVITE'] }),
            caller.ackFailure(),
          ]),
          callee: scenario('callee is cancelled', [
            callee.receivesInvite(ruled),
            callee.reply('180 Ringing'),
            receive('CANCEL', { expect: ['CANCEL sip:004989[0-9]*@', ...known] }),
            answer('200 OK'),
            callee.reply('487 Request Terminated'),
            receive('ACK', { expect: ['ACK sip:004989[0-9]*@', ...known] }),
          ]),
        });
        await lab.records([{ reason: 'cancelled', by: 'caller', answered: false, attempts: [{}] }]);
      },
    },
  ],
};
