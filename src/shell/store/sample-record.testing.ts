import fc from 'fast-check';
import type { StreamCounters } from '#codec/media-control';
import { type CallRecord, type EndReason, endReasons } from '#engine/ports';

/* Records for tests: of the store, of its reader, of the commands. */

/** An answered call with one attempt; `n` makes it and its time different from the others. */
export function sampleRecord(n: number, change: Partial<CallRecord> = {}): CallRecord {
  const startedAt = 1_700_000_000_000 + n * 1000;
  const times = { startedAt, ringingAt: startedAt + 150, answeredAt: startedAt + 2150, endedAt: startedAt + 62_150 };
  const end = { by: 'caller', reason: 'hangup' } as const;
  return {
    call: `c${String(n).padStart(6, '0')}`,
    leg: {
      trunk: 'pbx',
      remote: 'udp 192.0.2.1:5060',
      callId: `a-${n}@192.0.2.1`,
      localTag: `lt${n}`,
      remoteTag: `rt${n}`,
    },
    caller: '200',
    called: '+4930123456',
    route: 'out',
    decisions: [{ rule: 'out', outcome: 'matched: trunks itsp' }],
    ...times,
    talkMs: 60_000,
    end,
    attempts: [
      {
        leg: {
          trunk: 'itsp',
          remote: 'udp 198.51.100.1:5060',
          callId: `b-${n}`,
          localTag: `bl${n}`,
          remoteTag: `br${n}`,
        },
        caller: '+4930555200',
        called: '+4930123456',
        ...times,
        end,
      },
    ],
    ...change,
  };
}

const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019+*#.-@:;"\'%=, \u00fc\u6f22'), maxLength: 20 });
const maybe = <K extends string, T>(key: K, value: fc.Arbitrary<T>) =>
  fc.oneof(
    fc.constant({} as { [k in K]?: T }),
    value.map((v) => ({ [key]: v }) as { [k in K]?: T }),
  );
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((objects) => Object.assign({}, ...(objects as object[])));
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const leg = fc.record({ trunk: text, remote: text, callId: text, localTag: text, remoteTag: text });
const times = merged(
  fc.record({ startedAt: time, endedAt: time }),
  maybe('ringingAt', time),
  maybe('answeredAt', time),
);
const end = merged(
  fc.record({
    by: fc.constantFrom('caller', 'callee', 'tandem', 'nobody'),
    reason: fc.constantFrom(...(Object.keys(endReasons) as EndReason[])),
  }),
  maybe('sip', fc.record({ status: fc.integer({ min: 100, max: 699 }), phrase: text })),
  maybe('q850', merged(fc.record({ cause: fc.nat(127) }), maybe('text', text))),
  maybe('reasonHeader', text),
);
const side = merged(
  fc.record({
    packets: fc.nat(),
    bytes: fc.maxSafeNat(),
    lost: fc.integer(),
    payloadType: fc.integer({ min: -1, max: 127 }),
    rtcpPackets: fc.nat(),
    dropped: fc.nat(),
  }),
  maybe(
    'jitterMs',
    fc.nat(100_000).map((n) => n / 1000),
  ),
  maybe(
    'report',
    merged(
      fc.record({ lost: fc.integer(), fractionLost: fc.nat(255).map((n) => Math.round((n / 256) * 1000) / 1000) }),
      maybe('roundTripMs', fc.nat(5_000)),
      maybe('voip', fc.record({ lossRate: fc.constant(0.25), mosListening: fc.constant(4.2) })),
    ),
  ),
  maybe('source', fc.record({ host: fc.constantFrom('192.0.2.7', '2001:db8::1'), port: fc.nat(65535) })),
);
const media = fc.uniqueArray(
  merged(
    fc.record({ stream: fc.nat(9), media: fc.constantFrom('audio', 'video'), a: side, b: side }),
    maybe(
      'course',
      fc.record({
        stepMs: fc.constant(5000),
        agoMs: fc.nat(9_000_000),
        a: fc.constant('1,2;0*2;;;'),
        b: fc.constant(''),
      }),
    ),
  ) as fc.Arbitrary<StreamCounters>,
  { selector: (stream) => stream.stream, maxLength: 3 },
);

/** Any record, with whatever may be missing missing at times. */
export const anyRecord = merged(
  fc.record({
    call: fc.uuid(),
    leg,
    caller: text,
    called: text,
    decisions: fc.array(fc.record({ rule: text, outcome: text }), { maxLength: 3 }),
    talkMs: fc.nat(),
    end,
    attempts: fc.array(
      merged(fc.record({ leg, caller: text, called: text, end }), times) as fc.Arbitrary<
        CallRecord['attempts'][number]
      >,
      { maxLength: 3 },
    ),
  }),
  times,
  maybe('route', text),
  maybe('emergency', text),
  maybe('bypassed', fc.constant(true)),
  maybe(
    'captures',
    fc.array(fc.record({ name: text, by: text, reason: text, startedAt: fc.nat() }), { minLength: 1, maxLength: 2 }),
  ),
  maybe('basis', fc.record({ user: text, site: text, policy: text, usage: text }, { requiredKeys: ['site'] })),
  maybe(
    'media',
    media.map((streams) => streams.toSorted((a, b) => a.stream - b.stream)),
  ),
) as fc.Arbitrary<CallRecord>;
