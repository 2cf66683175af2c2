import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DnsAnswer } from './dns.ts';
import { Bench, record, request, second, Waiter } from './locate.testing.ts';
import type { LocateRequest } from './located.ts';

/** Few names that point at each other in every way, so that chains meet, break and go round. */
const names = ['a.example', 'b.example', '_sip._udp.a.example', '_sip._tcp.b.example'];
const name = fc.constantFrom(...names);

const answer: fc.Arbitrary<DnsAnswer> = fc.oneof(
  fc.record({
    kind: fc.constant('records' as const),
    ttl: fc.constantFrom(0, second, 30 * second),
    records: fc.array(
      fc.oneof(
        fc.constantFrom('192.0.2.1', '192.0.2.2').map((text) => record('A', text)),
        fc.constantFrom('2001:db8::1').map((text) => record('AAAA', text)),
        fc.tuple(fc.nat(2), fc.nat(2), name).map(([p, w, target]) => record('SRV', `${p} ${w} 5060 ${target}`)),
        fc
          .tuple(fc.nat(2), fc.constantFrom('SIP+D2U', 'SIP+D2T', 'SIPS+D2T'), name)
          .map(([order, service, target]) => record('NAPTR', `${order} 0 s ${service} ${target}`)),
      ),
      { maxLength: 6 },
    ),
  }),
  fc.constant({ kind: 'none' as const, reason: 'no-such-name' as const, ttl: 0 }),
  fc.constant({ kind: 'failed' as const, reason: 'SERVFAIL' }),
);

const wanted: fc.Arbitrary<LocateRequest> = fc.record({
  host: name,
  port: fc.constantFrom(undefined, undefined, 5070),
  transport: fc.constantFrom(undefined, 'udp', 'tcp', 'tls'),
  supported: fc.subarray(['udp', 'tcp', 'tls'] as const),
  families: fc.subarray([4, 6] as const),
});

const step = fc.oneof(
  fc.record({ kind: fc.constant('want' as const), request: wanted }),
  fc.record({ kind: fc.constant('answer' as const), index: fc.nat(5), answer }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(100, second, 4 * second, 40 * second) }),
  fc.record({ kind: fc.constant('give-up' as const), index: fc.nat(5) }),
  fc.record({ kind: fc.constant('keep' as const), requests: fc.array(wanted, { maxLength: 3 }) }),
);

test('whatever the DNS says and when: everyone who waits is told, once, and finds something; all comes to rest', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, seed) => {
      const bench = new Bench({}, seed);
      const waiters: Waiter[] = [];
      const gone = new Set<Waiter>();
      for (const one of steps) {
        switch (one.kind) {
          case 'want': {
            if (bench.find(one.request).kind !== 'pending') break;
            const waiter = new Waiter((now) => bench.locator.find(one.request, now));
            expect(bench.locator.await(one.request, waiter, bench.now)).toBe(true);
            waiters.push(waiter);
            break;
          }
          case 'answer': {
            const [question] = bench.open.splice(one.index, 1);
            if (!question) break;
            for (const ready of bench.answer(question, one.answer)) ready.onLocated(bench.now);
            break;
          }
          case 'pass':
            bench.pass(one.ms);
            break;
          case 'give-up': {
            const waiter = waiters[one.index];
            if (!waiter || waiter.seen.length > 0) break;
            bench.locator.forgetWaiter(waiter);
            gone.add(waiter);
            break;
          }
          case 'keep':
            bench.locator.keep(one.requests, bench.now);
            break;
        }
      }
      bench.locator.keep([], bench.now);
      // Nobody answers any more. A chain is three questions long; three seconds each.
      bench.pass(10 * second);
      for (const waiter of waiters) {
        expect(waiter.seen).toHaveLength(gone.has(waiter) ? 0 : 1);
        for (const found of waiter.seen) expect(found.kind).not.toBe('pending');
      }
      expect(bench.deadlines.size).toBe(0);
      expect(bench.locator.inspect().some(({ isAsked, isKept }) => isAsked || isKept)).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test('no question is asked again while it is under way', () => {
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 40 }), (requests) => {
      const bench = new Bench();
      for (const one of requests) {
        bench.locator.find(one, bench.now);
        bench.locator.keep([one, request()], bench.now);
      }
      expect(new Set(bench.asked).size).toBe(bench.asked.length);
    }),
    { numRuns: 200 },
  );
});
