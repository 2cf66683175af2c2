import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Header } from '#codec/sip-message';
import { maxRequests } from './exchange.ts';
import { maxRequestsPerMinute } from './pace.ts';
import { type Answer, challenge, ok, type Sent, targetOf, twoRegistrars, World } from './registration.testing.ts';
import type { Registration } from './registration.ts';
import type { Found } from './settings.ts';

/* Whatever registrars, the DNS and connections do: there is always a next step, and never a flood. */

const seconds = fc.constantFrom(0, 1, 4, 10, 30, 61, 119, 600, 3600, 86_400, 4_294_967_295);
const headers = fc.record({
  contact: fc.constantFrom('ours', 'none', 'other', 'broken'),
  expires: seconds,
  retryAfter: fc.option(seconds, { nil: undefined }),
  minExpires: fc.option(seconds, { nil: undefined }),
  nonce: fc.integer({ min: 0, max: 3 }),
  stale: fc.boolean(),
});
const answer = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('silence', 'refused') },
  {
    weight: 5,
    arbitrary: fc.record({
      status: fc.oneof(
        fc.constantFrom(200, 200, 200, 401, 407, 423, 439, 503, 403),
        fc.integer({ min: 100, max: 699 }),
      ),
      after: fc.constantFrom(0, 20, 5_000, 11_000, 35_000),
      headers,
    }),
  },
);
type Planned = typeof answer extends fc.Arbitrary<infer T> ? T : never;

function answerOf(planned: Planned, sent: Sent): Answer {
  if (typeof planned === 'string') return planned as Answer;
  const { status, after } = planned;
  const { contact, expires, retryAfter, minExpires, nonce, stale } = planned.headers;
  const given: Header[] = [...challenge(`n${nonce}`, stale)];
  if (contact === 'other') given.push(['Contact', '<sip:bob@203.0.113.1>;expires=60']);
  if (contact === 'broken') given.push(['Contact', '<sip:'], ['Expires', 'soon']);
  if (contact === 'ours') given.push(...(ok(sent, expires) as { headers: readonly Header[] }).headers);
  if (retryAfter !== undefined) given.push(['Retry-After', String(retryAfter)]);
  if (minExpires !== undefined) given.push(['Min-Expires', String(minExpires)]);
  return { status, after, headers: given };
}

const happening = fc.constantFrom('none', 'none', 'none', 'flow closed', 'located', 'retry', 'restart');
const plan = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  answers: fc.array(answer, { minLength: 1, maxLength: 12 }),
  transports: fc.array(fc.constantFrom('udp' as const, 'tcp' as const), { minLength: 1, maxLength: 5 }),
  lookups: fc.array(fc.constantFrom('targets', 'targets', 'targets', 'pending', 'failed', 'empty'), {
    minLength: 1,
    maxLength: 6,
  }),
  happenings: fc.array(happening, { minLength: 1, maxLength: 10 }),
  outbound: fc.boolean(),
  base: fc.constantFrom(1, 1_000, 30_000),
  expires: fc.constantFrom(10_000, 60_000, 3_600_000),
});

function foundOf(kind: string, transports: readonly ('udp' | 'tcp')[]): Found {
  if (kind === 'pending') return { kind };
  if (kind === 'failed') return { kind, reason: 'no server answered' };
  if (kind === 'empty') return { kind: 'targets', targets: [] };
  return {
    kind: 'targets',
    targets: transports.map((transport, place) => targetOf(`192.0.2.${place + 1}`, transport)),
  };
}

test('always a next deadline, never more than so many REGISTERs a minute', () => {
  let registered = 0;
  fc.assert(
    fc.property(plan, ({ seed, answers, transports, lookups, happenings, outbound, base, expires }) => {
      const world = new World((sent, count) => answerOf(answers[count % answers.length]!, sent), seed);
      let asked = 0;
      world.found = () => foundOf(lookups[asked++ % lookups.length]!, transports);
      const over = { registrars: twoRegistrars, outbound, expires, retry: { base, most: 1_800_000 } };
      let registration: Registration = world.registration(over);
      registration.start(world.now);
      const until = world.mono + 2 * 3_600_000;
      let restarts = 0;
      for (let turn = 0; turn < 3_000 && world.step(until); turn++) {
        // The answers of the transaction layer do not count: it is to help itself.
        expect(world.wait(), registration.stage).toBeDefined();
        if (registration.stage === 'registered') registered++;
        if (registration.flow) expect(registration.target).toBeDefined();
        switch (turn % 7 === 0 ? happenings[(turn / 7) % happenings.length] : 'none') {
          case 'flow closed':
            registration.flowClosed(registration.flow?.connection ?? 'c1', 'reset', world.now);
            break;
          case 'located':
            registration.located(world.now);
            break;
          case 'retry':
            registration.retry(world.now);
            break;
          case 'restart': {
            if (++restarts > 1) break; // Each process has its own measure.
            const state = registration.state();
            registration.giveUp();
            expect([...world.deadlines]).toEqual([]);
            registration = world.restored(state, over, 60_000);
            break;
          }
        }
        expect(world.wait(), registration.stage).toBeDefined();
      }
      const times = world.sent.map(({ at }) => at);
      for (let i = maxRequestsPerMinute; i < times.length; i++) {
        expect(times[i]! - times[i - maxRequestsPerMinute]!).toBeGreaterThanOrEqual(60_000);
      }
      const cseqs = world.sent.map(({ request }) => request.cseq.number);
      expect(cseqs).toEqual(cseqs.map((_, place) => place + 1));
    }),
    { numRuns: 100 },
  );
  expect(registered).toBeGreaterThan(0); // It came to something.
});

test('an exchange is let begin only where all of it has room', () => {
  expect(maxRequests).toBeLessThan(maxRequestsPerMinute / 2);
});

test('whoever answers everything wrongly gets no more than the limit', () => {
  // Every server asks for credentials with ever new stale nonces, and for longer times, at once.
  const world = new World((_, count) =>
    count % 2 === 0
      ? { status: 423, headers: [['Min-Expires', String(3600 + count)]], after: 1 }
      : { status: 500, after: 1 },
  );
  world.found = () => ({
    kind: 'targets',
    targets: Array.from({ length: 60 }, (_, n) => targetOf(`192.0.2.${n + 1}`)),
  });
  const registrars = Array.from({ length: 20 }, (_, n) => ({ ...twoRegistrars[0]!, host: `r${n}.example` }));
  const registration = world.registration({ registrars });
  registration.start(world.now);
  const start = world.mono;
  world.run(60_000);
  expect(world.sent.length).toBeGreaterThan(30);
  expect(world.sent.length).toBeLessThanOrEqual(maxRequestsPerMinute);
  expect(registration.status().nextAt).toBeLessThanOrEqual(world.now.wall + 60_000);
  world.run(600_000);
  expect(world.sent.length).toBeLessThanOrEqual(((world.mono - start) / 60_000) * maxRequestsPerMinute);
});
