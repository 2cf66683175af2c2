import { type Case, type Group, type Lab, must } from '../harness.ts';
import { heard, type PhoneOptions, startPhone } from '../phone.ts';

/** Two baresip a call, whose sides of it are encrypted or not; all calls at once. */

interface Pair {
  readonly name: string;
  /** `srtp` of the trunks that the two are, and what each baresip asks for or takes. */
  readonly caller: Side;
  readonly callee: Side;
}
interface Side {
  readonly trunk: 'off' | 'optional' | 'required';
  readonly phone: PhoneOptions['srtp'];
  /** Whether its media must be encrypted in the end. */
  readonly encrypted: boolean;
}

const plain: Side = { trunk: 'off', phone: undefined, encrypted: false };
const mandatory: Side = { trunk: 'required', phone: 'mandatory', encrypted: true };
const optional: Side = { trunk: 'optional', phone: 'optional', encrypted: true };

const pairs: readonly Pair[] = [
  { name: 'RTP calls SRTP that must', caller: plain, callee: mandatory },
  { name: 'SRTP that must calls RTP', caller: mandatory, callee: plain },
  { name: 'RTP calls SRTP that may', caller: plain, callee: optional },
  { name: 'SRTP that may calls RTP', caller: optional, callee: plain },
  { name: 'SRTP calls SRTP, both must', caller: mandatory, callee: mandatory },
  {
    name: 'SRTP is offered where it may be, and the phone has none',
    caller: mandatory,
    callee: { trunk: 'optional', phone: undefined, encrypted: false },
  },
];

const callerAt = (lab: Lab, at: number) => ({ host: lab.host(60 + at), port: 5_080 });
const calleeAt = (lab: Lab, at: number) => ({ host: lab.host(80 + at), port: 5_090 });
const number = (at: number): string => `90${at}`;

async function prepare(lab: Lab): Promise<object> {
  const { sip, pbx } = lab.addresses;
  const srtp = (mode: Side['trunk']) => (mode === 'off' ? mode : { mode, 'keys-in-clear': true });
  return {
    listeners: [{ name: 'sip', bind: `${sip.host}:${sip.port}` }],
    trunks: [
      { name: 'pbx', kind: 'ip-pbx', addresses: `${pbx.host}:${pbx.port}`, health: 'off' },
      ...pairs.flatMap(({ caller, callee }, at) => [
        {
          name: `caller-${at}`,
          kind: 'ip-pbx',
          addresses: `${callerAt(lab, at).host}:5080`,
          srtp: srtp(caller.trunk),
          health: 'off',
        },
        {
          name: `callee-${at}`,
          kind: 'itsp',
          addresses: `${calleeAt(lab, at).host}:5090`,
          srtp: srtp(callee.trunk),
          health: 'off',
        },
      ]),
    ],
    routes: pairs.map((_, at) => ({
      name: `pair-${at}`,
      from: `caller-${at}`,
      called: { prefix: number(at) },
      to: `callee-${at}`,
    })),
    media: { address: '127.0.0.1' },
    records: { path: lab.data },
  };
}

interface Outcome {
  readonly callerSaid: string;
  readonly calleeSaid: string;
}

const outcomes: (Outcome | Error)[] = [];

async function converse(lab: Lab, { caller, callee }: Pair, at: number): Promise<Outcome> {
  const { host, port } = lab.addresses.sip;
  const tones = { caller: 697 + 40 * at, callee: 1477 + 60 * at };
  const bob = startPhone(lab, {
    user: number(at),
    place: calleeAt(lab, at),
    frequency: tones.callee,
    seconds: 8,
    answers: true,
    ...(callee.phone ? { srtp: callee.phone } : {}),
  });
  await bob.ready;
  const alice = startPhone(lab, {
    user: `alice${at}`,
    place: callerAt(lab, at),
    frequency: tones.caller,
    seconds: 5,
    dials: `sip:${number(at)}@${host}:${port}`,
    ...(caller.phone ? { srtp: caller.phone } : {}),
  });
  const [callerSaid, calleeSaid] = await Promise.all([alice.done, bob.done]);
  heard(alice, tones.callee, callerSaid);
  heard(bob, tones.caller, calleeSaid);
  return { callerSaid, calleeSaid };
}

/** The keys that crossed the wire of one side, whoever told them. */
const keys = (said: string): readonly string[] => [
  ...new Set([...said.matchAll(/inline:([A-Za-z0-9+/=]+)/g)].map(([, key]) => key!)),
];

const cases: readonly Case[] = pairs.map(
  (pair, at): Case => ({
    name: `${pair.name}: both hear the other's tone`,
    limit: 40,
    async run(lab) {
      // All are made with the first, at once: what a call takes is waiting.
      if (at === 0 || outcomes.length === 0) {
        const made = pairs.map((one, index) => converse(lab, one, index).catch((error: Error) => error));
        outcomes.splice(0, outcomes.length, ...(await Promise.all(made)));
      }
      const outcome = outcomes[at]!;
      if (outcome instanceof Error) throw outcome;
      const [callers, callees] = [keys(outcome.callerSaid), keys(outcome.calleeSaid)];
      for (const [side, told] of [
        [pair.caller, callers],
        [pair.callee, callees],
      ] as const) {
        // An offer that was taken: one key each way. One that was not: ours alone.
        if (side.encrypted) must(told.length >= 2, () => `keys on the encrypted side: ${told}\n${outcome.callerSaid}`);
        else must(told.length <= (side.trunk === 'off' ? 0 : 3), () => `keys on the plain side: ${told}`);
      }
      must(!callers.some((key) => callees.includes(key)), () => 'a key of one side was told on the other');
    },
  }),
);

export const srtp: Group = { name: 'srtp', prepare, cases };
