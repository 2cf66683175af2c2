import { beforeEach, expect, test } from 'vitest';
import { formatResponse, parseMessage, SipRequest } from '#codec/sip-message';
import { seeded } from '#kernel';
import type { Configuration, Trunk } from '#policy/configuration';
import { Engine } from './engine.ts';
import type { Effect, Input } from './ports/index.ts';

/* What an operator may order of a running program, over the status socket. */

const bind = { host: '192.0.2.1', port: 5060 };
const media = { bind: '192.0.2.1', advertise: '192.0.2.1' };
const address = (host: string) => ({ host, port: 5060, matchPort: true });
const trunk: Trunk = {
  name: 'acme',
  kind: 'itsp',
  side: 'external',
  transport: 'udp',
  addresses: [address('198.51.100.1'), address('198.51.100.2')],
  capacity: { calls: 7 },
  setupTimeout: 10_000,
  ringTimeout: 60_000,
};
const registers: Trunk = {
  ...trunk,
  name: 'registers',
  addresses: [address('198.51.100.3')],
  identity: { user: 'me', from: 'caller' },
  registration: {
    registrars: [address('198.51.100.3')],
    ...{ expires: 600_000, gin: false, outbound: false, retry: { base: 30_000, most: 600_000 } },
  },
};
const configuration: Configuration = {
  listeners: [{ id: 'wan/udp', name: 'wan', side: 'external', transport: 'udp', bind, advertise: bind }],
  trunks: [trunk, registers],
  routes: [],
  unknownSource: 'refuse',
  media: { mode: 'bypass', internal: media, external: media, ports: { min: 20_000, max: 20_100 }, silence: 0 },
  records: { path: 'data' },
  timers: { t1: 500, t2: 4000, t4: 5000 },
};

let engine: Engine;
let mono: number;
const wall = 1_700_000_000_000;

beforeEach(() => {
  engine = new Engine({ configuration, random: seeded(1) });
  mono = 1_000;
  engine.restore([], { mono, wall: wall + mono });
});

const handle = (input: Input) => engine.handle(input, { mono, wall: wall + mono });

interface Sent {
  readonly request: SipRequest;
  readonly to: string;
}

function requests(effects: readonly Effect[], method: string): readonly Sent[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'send') return [];
    const request = parseMessage(effect.octets);
    if (!(request instanceof SipRequest) || request.method !== method) return [];
    return [{ request, to: effect.flow.remote.host }];
  });
}

function answer({ request, to }: Sent, status: number, more: readonly (readonly [string, string])[] = []) {
  const echoed = (['via', 'from', 'to', 'call-id', 'cseq'] as const).map((name) => [name, request.get(name)!] as const);
  const octets = formatResponse(status, 'So', [...echoed, ...more]);
  const remote = { host: to, port: 5060 };
  return handle({ kind: 'received', flow: { transport: 'udp', listener: 'wan/udp', remote }, octets });
}

interface View {
  readonly trunk: string;
  readonly options: readonly object[];
  readonly limit?: number;
  readonly registration?: { readonly stage: string };
}
const view = (name: string) => (engine.standing.inspectTrunks().trunks as View[]).find(({ trunk }) => trunk === name)!;

test('a trunk is asked at once, also where nobody asks it else, and what it said is told', () => {
  const asked = requests(handle({ kind: 'probe', trunk: 'acme' }), 'OPTIONS');
  expect(asked.map(({ to }) => to)).toEqual(['198.51.100.1', '198.51.100.2']);
  expect(requests(handle({ kind: 'probe', trunk: 'acme' }), 'OPTIONS')).toEqual([]);
  mono += 40;
  answer(asked[1]!, 200, [
    ['Allow', 'INVITE, BYE'],
    ['Allow', 'PRACK'],
    ['Server', 'x'.repeat(300)],
  ]);
  expect(view('acme')).toMatchObject({
    limit: 7,
    options: [
      {
        ...{ target: 'udp 198.51.100.2:5060', at: wall + mono, kind: 'answered', status: 200, roundTrip: 40 },
        ...{ allow: 'INVITE, BYE, PRACK', server: 'x'.repeat(200) },
      },
    ],
  });
  // It answered: it may be asked again. The other has still to.
  expect(requests(handle({ kind: 'probe', trunk: 'acme' }), 'OPTIONS').map(({ to }) => to)).toEqual(['198.51.100.2']);
});

test('who cannot be reached is told so', () => {
  handle({ kind: 'probe', trunk: 'acme' });
  handle({
    kind: 'undeliverable',
    listener: 'wan/udp',
    to: { host: '198.51.100.1', port: 5060 },
    reason: 'ECONNREFUSED',
  });
  expect(view('acme').options).toEqual([
    {
      target: 'udp 198.51.100.1:5060',
      at: wall + mono,
      kind: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    },
  ]);
});

test('a trunk that waits for its next try registers at once', () => {
  // The first REGISTER goes out some time after the start.
  let first: readonly Sent[] = [];
  for (let n = 0; n < 100 && first.length === 0; n++) {
    mono = Math.max(mono, engine.nextDeadline() ?? mono);
    first = requests(handle({ kind: 'wake' }), 'REGISTER');
  }
  answer(first[0]!, 403);
  expect(view('registers').registration!.stage).toBe('failed');
  const [again] = requests(handle({ kind: 'register', trunk: 'registers' }), 'REGISTER');
  expect(again?.to).toBe('198.51.100.3');
  // It is being done.
  expect(requests(handle({ kind: 'register', trunk: 'registers' }), 'REGISTER')).toEqual([]);
  answer(again!, 200, [
    ['Contact', again!.request.get('contact')!],
    ['Expires', '600'],
  ]);
  expect(view('registers').registration!.stage).toBe('registered');
});

test.each(['probe', 'register'] as const)('%s of a trunk that is not there does nothing', (kind) => {
  expect(handle({ kind, trunk: 'nobody' })).toEqual([]);
});

test('a ban is lifted', () => {
  const flow = { transport: 'udp', listener: 'wan/udp', remote: { host: '203.0.113.66', port: 5060 } } as const;
  handle({ kind: 'received', flow, octets: 'OPTIONS sip:x SIP/2.0\r\nUser-Agent: friendly-scanner\r\n\r\n' });
  expect(engine.standing.inspectTrunks().bans).toMatchObject([{ source: '203.0.113.66', reason: 'scanner' }]);
  handle({ kind: 'unban', source: '203.0.113.66' });
  expect(engine.standing.inspectTrunks().bans).toEqual([]);
});
