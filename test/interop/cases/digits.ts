import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, type Group, type Lab, logLines, must, wentByScenario } from '../harness.ts';
import { KeyParty } from '../keys.ts';
import { startPhone } from '../phone.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

/** Keys between a PBX that nothing is said of and trunks that want them in a form of their own, with RTP of real senders. */

/** What each trunk wants, by the first digits of the numbers that go there, and where it is. */
const trunks = {
  '71': { name: 'told', dtmf: 'info', host: 4 },
  '72': { name: 'events', dtmf: 'rtp-event', host: 5 },
  '73': { name: 'tones', dtmf: 'inband', host: 6 },
} as const;
type Prefix = keyof typeof trunks;

const ports = { caller: 34_704, callee: 34_804 };
const withEvents = (port: number) => sdp({ port, codecs: [8] });
const without = (port: number) =>
  withEvents(port)
    .replace('8 101', '8')
    .split('\n')
    .filter((line) => !line.includes(':101 '))
    .join('\n');

/** Where the program listens for RTP, in the log of a party. */
const logsMedia = [
  '<ereg regexp="m=audio ([0-9]+)" search_in="msg" assign_to="line,port"/>',
  '<log message="[$line], that is [$port]"/>',
];
const relay = (key: string) => [receive('INFO', { expect: [`Signal=${key}`] }), answer('200 OK')];
const relays = (keys: string) => [...keys].flatMap((key) => relay(key === '*' ? '[*]' : key));
const hangsUp = [caller.request('BYE', 30), receive(200)];
const isHungUp = [receive('BYE'), answer('200 OK')];

interface Steps {
  readonly body: string;
  /** What the party sees of the other's session, and does not. */
  readonly expect?: readonly string[];
  readonly refuse?: readonly string[];
  readonly steps: readonly string[];
}

async function port(lab: Lab, name: string): Promise<number> {
  for (let tries = 0; tries < 60; tries++) {
    const [line] = logLines(join(lab.caseDirectory, name));
    if (line !== undefined) return Number(line.split(' ').at(-1));
    await sleep(100);
  }
  throw new Error(`${name}: no media was agreed on`);
}

/** A call to a trunk, whose RTP `act` sees to: it is given both parties' ends, and ends when nothing more is to come. */
async function call(
  lab: Lab,
  prefix: Prefix,
  { caller: from, callee: to, speaks = true }: { caller: Steps; callee: Steps; speaks?: boolean },
  act: (caller: KeyParty, callee: KeyParty) => Promise<void>,
): Promise<void> {
  const place = lab.trunk(trunks[prefix].host);
  const log = (name: string) => ['-trace_logs', '-log_file', join(lab.caseDirectory, `${name}.log`)];
  const looks = ({ expect = [], refuse = [] }: Steps) => ({ expect, refuse, actions: logsMedia });
  const uas = lab.answering(
    scenario('callee', [
      callee.receivesInvite(looks(to)),
      callee.reply('200 OK', { body: to.body }),
      receive('ACK'),
      ...to.steps,
      ...isHungUp,
    ]),
    { to: place, arguments: log('callee') },
  );
  await sleep(150);
  const uac = lab.calling(
    scenario('caller', [
      caller.invite({ body: from.body }),
      anyProgress,
      receiveAnswer(looks(from)),
      caller.ack(),
      ...from.steps,
      ...hangsUp,
    ]),
    { prefix, arguments: log('caller') },
  );
  const party = async (name: 'caller' | 'callee', host: string) => {
    const one = await KeyParty.start(
      { host, port: ports[name] },
      { host: '127.0.0.1', port: await port(lab, `${name}.log`) },
      101,
      speaks,
    );
    return lab.use({ name, one, said: () => `heard ${one.heard.join(', ')}`, stop: () => one.stop() }).one;
  };
  const [a, b] = [await party('caller', lab.ends({}).from.host), await party('callee', place.host)];
  await sleep(200); // the plan of the relay is behind its 200 by then
  await act(a, b);
  wentByScenario('the caller', await uac.done, 1);
  wentByScenario('the callee', await uas.done, 1);
  await lab.records([{ reason: 'hangup', answered: true }], prefix);
}

function heard(party: KeyParty, form: 'event' | 'tone', keys: string): void {
  const expected = [...keys].map((key) => `${form} ${key}`).join(', ');
  must(party.heard.join(', ') === expected, () => `heard ${party.heard.join(', ')}, not ${expected}`);
  must(party.gaps === 0, () => `${party.gaps} sequence numbers were left out or came twice`);
}

const telephoneEvent = ['telephone-event/8000'];
const talking = pause(3_000);

const cases: readonly Case[] = [
  {
    name: 'events become INFO, each key once and in order; the trunk is offered no events, the caller gets them answered',
    run: (lab) =>
      call(
        lab,
        '71',
        {
          caller: { body: withEvents(ports.caller), expect: telephoneEvent, steps: [talking] },
          callee: { body: without(ports.callee), refuse: telephoneEvent, steps: relays('1559') },
        },
        async (a, b) => {
          await sleep(a.press('1559') + 300);
          heard(b, 'event', '');
        },
      ),
  },
  {
    name: 'INFO of the trunk becomes events towards the caller',
    run: (lab) =>
      call(
        lab,
        '71',
        {
          caller: { body: withEvents(ports.caller), steps: [talking] },
          callee: {
            body: without(ports.callee),
            steps: [...'27*'].flatMap((key, n) => [
              callee.request('INFO', 2 + n, {
                body: `Signal=${key}\r\nDuration=120\r\n`,
                contentType: 'application/dtmf-relay',
              }),
              receive(200),
            ]),
          },
        },
        async (a) => {
          await sleep(2_000);
          heard(a, 'event', '27*');
        },
      ),
  },
  {
    name: 'INFO becomes events for a trunk that the caller has not offered any, though nobody sends RTP',
    run: (lab) =>
      call(
        lab,
        '72',
        {
          speaks: false,
          caller: {
            body: without(ports.caller),
            refuse: telephoneEvent,
            steps: [
              ...[...'04#'].flatMap((key, n) => [
                caller.request('INFO', 2 + n, { body: key, contentType: 'application/dtmf' }),
                receive(200),
              ]),
              talking,
            ],
          },
          callee: { body: withEvents(ports.callee), expect: ['telephone-event/8000', 'fmtp:101 0-16'], steps: [] },
        },
        async (_, b) => {
          await sleep(2_000);
          heard(b, 'event', '04#');
        },
      ),
  },
  {
    name: 'tones become events, and no tone goes on beside them; events of the trunk become tones',
    run: (lab) =>
      call(
        lab,
        '72',
        {
          caller: { body: without(ports.caller), refuse: telephoneEvent, steps: [talking] },
          callee: { body: withEvents(ports.callee), expect: telephoneEvent, steps: [] },
        },
        async (a, b) => {
          b.press('86');
          await sleep(a.sing('3770') + 400);
          heard(b, 'event', '3770');
          heard(a, 'tone', '86');
        },
      ),
  },
  {
    name: 'events become tones for a trunk that knows nothing else',
    run: (lab) =>
      call(
        lab,
        '73',
        {
          caller: { body: withEvents(ports.caller), expect: telephoneEvent, steps: [talking] },
          callee: { body: without(ports.callee), refuse: telephoneEvent, steps: [] },
        },
        async (a, b) => {
          b.sing('42');
          await sleep(a.press('19D') + 400);
          heard(b, 'tone', '19D');
          heard(a, 'event', '42');
        },
      ),
  },
  {
    name: 'the digits that baresip dials in a call become INFO',
    async run(lab) {
      const { from } = lab.ends({});
      const answering = lab.answering(
        scenario('callee', [
          callee.receivesInvite({ refuse: telephoneEvent }),
          callee.reply('200 OK', { body: without(ports.callee) }),
          receive('ACK'),
          ...relays('5#'),
          pause(300),
          callee.request('BYE', 2),
          receive(200),
        ]),
        { to: lab.trunk(trunks['71'].host) },
      );
      await sleep(150);
      const dials = `sip:${lab.called('71')}@${lab.addresses.sip.host}:${lab.addresses.sip.port}`;
      const commands = [
        { after: 3_000, what: 'sndcode 5' },
        { after: 3_600, what: 'sndcode #' },
      ];
      const alice = startPhone(lab, { user: 'alice', place: from, frequency: 300, seconds: 8, dials, commands });
      const said = await alice.done;
      const { exitCode, successful } = await answering.done;
      must(exitCode === 0 && successful === 1, () => `the callee did not go by its scenario. baresip said:\n${said}`);
      await lab.records([{ reason: 'hangup', by: 'callee', answered: true }], '71');
    },
  },
];

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx } = lab.addresses;
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`;
  return {
    listeners: [{ name: 'sip', bind: at(sip) }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: at(pbx), health: 'off' },
      ...Object.values(trunks).map(({ name, dtmf, host }) => ({
        name,
        kind: 'itsp',
        addresses: at(lab.trunk(host)),
        dtmf,
        health: 'off',
      })),
    ],
    routes: Object.entries(trunks).map(([prefix, { name }]) => ({ name, from: 'pbx', called: { prefix }, to: name })),
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

export const digits: Group = { name: 'digits', prepare, cases };
