import { setTimeout as sleep } from 'node:timers/promises';
import { type Group, type Lab, must } from '../harness.ts';
import { heardByLinphone, startLinphone } from '../linphone.ts';
import { heard, type Phone, type PhoneOptions, startPhone } from '../phone.ts';
import { answer, anyProgress, callee, caller, pause, receive, receiveAnswer, scenario, sdp } from '../scenario.ts';

/** Users with real phones (baresip): they register, ring together, call out, talk to each other, and are found after kill -9. */

export const domain = 'tandem.test';
export const registers = { domain, password: 'correct-horse-battery' } as const;

/** Numbers of the cases in order that lead to a user. */
const did = {
  both: '498900001',
  out: '498900002',
  each: '498900003',
  crash: '498900004',
  tcp: '498900005',
  linphone: '498900006',
} as const;

const prepare =
  (ofAnn: readonly string[], ofBob: readonly string[]) =>
  async (lab: Lab): Promise<object> => {
    const { sip, itsp } = lab.addresses;
    const user = (name: string, line: string, numbers: readonly string[]) => ({
      name,
      'display-name': name,
      line,
      ...(numbers.length > 0 && { numbers }),
      password: registers.password,
    });
    return {
      listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}`, transports: ['udp', 'tcp'] }],
      trunks: [{ name: 'itsp', kind: 'itsp', addresses: `${itsp.host}:${itsp.port}`, health: 'off' }],
      registrar: { domains: [domain] },
      users: [user('ann', '+4930123;ext=17', ofAnn), user('bob', '+4930123;ext=18', ofBob)],
      routes: [{ name: 'outbound', to: 'itsp' }],
      media: { address: sip.host },
      records: { path: lab.data },
    };
  };

/** A phone of a user at one of our hosts, registered. */
export async function phoneOf(
  lab: Lab,
  user: string,
  host: number,
  options: Partial<PhoneOptions> = {},
): Promise<Phone> {
  const place = { host: lab.host(host), port: 5_070 };
  // It opens its connections from whichever address the system likes.
  const { transport = 'udp' } = options.registers ?? {};
  const from = transport === 'udp' ? place.host : `${transport} `;
  const phone = startPhone(lab, {
    user,
    name: `${user}-${host}`,
    place,
    frequency: 697,
    seconds: 7,
    registers,
    ...options,
  });
  await lab.until(`${user} at ${place.host} is registered`, ({ users }) =>
    users.some((one) => one.user === user && one.devices.some(({ at }) => at.includes(from))),
  );
  return phone;
}

const callsIn = scenario('caller from outside', [
  caller.invite({ body: sdp() }),
  anyProgress,
  receiveAnswer({ expect: ['m=audio [1-9]'] }),
  caller.ack(),
  pause(600),
  caller.request('BYE', 2),
  receive(200),
]);

const knowsTheLine = scenario('callee outside', [
  callee.receivesInvite({ expect: ['From:[^\\r]*sip:[+]4930123@'] }),
  callee.reply('180 Ringing'),
  callee.reply('200 OK', { body: sdp() }),
  receive('ACK'),
  receive('BYE'),
  answer('200 OK'),
]);

export const users: Group = {
  name: 'users',
  prepare: prepare([did.both, did.crash, did.tcp], [did.each]),
  cases: [
    {
      name: 'called by DID two baresip ring, the one that answers has the call, the other stops',
      async run(lab) {
        const rings = await phoneOf(lab, 'ann', 11);
        const answers = await phoneOf(lab, 'ann', 12, { answers: true });
        await lab.call({ caller: callsIn }, { from: lab.addresses.itsp });
        const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}, {}] }]);
        const ends = record!.attempts.map(({ leg, end }) => `${leg.trunk} ${end.reason}`).sort();
        must(ends.join() === 'ann answered-elsewhere,ann hangup', () => `the attempts ended so: ${ends.join()}`);
        const [said] = await Promise.all([rings.done, answers.done]);
        must(/incoming/i.test(said), () => `the other did not ring: ${said}`);
      },
    },
    {
      name: 'a baresip calls out, known by its line',
      async run(lab) {
        const answering = lab.answering(knowsTheLine);
        await sleep(150);
        const dials = `sip:${lab.called()}@${domain}`;
        await phoneOf(lab, 'bob', 13, { dials, seconds: 4 }).then(({ done }) => done);
        const { exitCode, successful, errors } = await answering.done;
        must(exitCode === 0 && successful === 1, () => `the ITSP did not go by its scenario: ${errors}`);
        await lab.records([{ answered: true, route: 'outbound', attempts: [{ trunk: 'itsp' }] }]);
      },
    },
    {
      name: 'two users with baresip hear each other',
      async run(lab) {
        const bob = await phoneOf(lab, 'bob', 14, { answers: true, frequency: 1477, seconds: 8 });
        const ann = await phoneOf(lab, 'ann', 15, { dials: `sip:${lab.called()}@${domain}`, seconds: 6 });
        await lab.until('both are in a call', ({ users: all }) => all.filter(({ inCall }) => inCall).length === 2);
        const [annSaid, bobSaid] = await Promise.all([ann.done, bob.done]);
        heard(ann, 1477, annSaid);
        heard(bob, 697, bobSaid);
        await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'bob' }] }]);
        await lab.until('nobody is in a call', ({ users: all }) => all.every(({ inCall }) => !inCall));
      },
    },
    {
      name: 'kill -9: whoever is registered is called by the next process',
      async run(lab) {
        const ann = await phoneOf(lab, 'ann', 16, { answers: true });
        process.kill(lab.process('signalling'), 'SIGKILL');
        await lab.until('ann is still there', ({ users: all }) => all.some(({ user }) => user === 'ann'));
        await lab.call({ caller: callsIn }, { from: lab.addresses.itsp });
        await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{ trunk: 'ann' }] }]);
        await ann.done;
      },
    },
    {
      name: 'a baresip behind a connection of its own (TCP) is called by it',
      async run(lab) {
        const ann = await phoneOf(lab, 'ann', 17, { answers: true, registers: { ...registers, transport: 'tcp' } });
        await lab.call({ caller: callsIn }, { from: lab.addresses.itsp });
        const [record] = await lab.records([{ reason: 'hangup', by: 'caller', answered: true, attempts: [{}] }]);
        must(record!.attempts[0]!.leg.remote.startsWith('tcp '), () => `by ${record!.attempts[0]!.leg.remote}`);
        await ann.done;
      },
    },
  ],
};

/** The same with a phone that few others share code with. */
export const linphone: Group = {
  name: 'linphone',
  packages: ['linphone-cli'],
  prepare: prepare([], ['498900001']),
  cases: [
    {
      name: 'a linphone and a baresip hear each other',
      async run(lab) {
        const place = { host: lab.host(18), port: 5_070 };
        const bob = startLinphone(lab, { user: 'bob', ...registers, place, frequency: 1477, seconds: 10 });
        await lab.until('the linphone is registered', ({ users: all }) =>
          all.some(({ user, devices }) => user === 'bob' && devices.some(({ at }) => at.includes(place.host))),
        );
        const dials = `sip:${lab.called()}@${domain}`;
        const ann = await phoneOf(lab, 'ann', 19, { dials, seconds: 6 });
        const annSaid = await ann.done;
        heard(ann, 1477, annSaid);
        heardByLinphone(await bob.done, 697);
        await lab.records([{ reason: 'hangup', answered: true, attempts: [{ trunk: 'bob' }] }]);
      },
    },
  ],
};
