import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Configuration, DialPlan, Route, VoicePolicy } from '#policy/configuration';
import { HelpingRouter } from '#policy/emergency';
import { configuration, Desk, requests, trunk, udp } from './desk.testing.ts';

/* What `tandem route test` says of a call is what becomes of it: the same code, of random configurations. */

const names = ['acme', 'beta', 'gamma'];
const usages = ['near', 'far'];
const some = <T>(of: readonly T[]) => fc.subarray([...of], { minLength: 1 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
const prefix = fc.constantFrom('+49', '+4930', '+1', '0', '00', '1', '+');

/** Without what is undefined. */
const said = <T extends object>(entry: T) =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const rule = fc.constantFrom(
  { name: 'national', pattern: '^0([1-9]\\d*)$', to: '+49$1' },
  { name: 'world', pattern: '^00(\\d+)$', to: '+$1' },
  { name: 'strip', pattern: '^\\+(\\d+)$', to: '$1' },
  { name: 'short', pattern: '^(1\\d\\d)$', to: '+4930123$1' },
);
const dialPlan: fc.Arbitrary<DialPlan> = fc
  .record({ rules: fc.array(rule, { minLength: 1, maxLength: 3 }), accessPrefix: maybe(fc.constant('0')) })
  .map((plan) => said({ name: 'global', ...plan }) as DialPlan);
const route = fc.record({
  from: fc.constantFrom<string[]>([], ['pbx'], ['acme']),
  called: maybe(
    fc.oneof(
      fc.record({
        prefixes: fc.uniqueArray(prefix, { minLength: 1, maxLength: 3 }),
        except: fc.constantFrom([], ['+4930']),
      }),
      fc.constantFrom({ pattern: '^\\+49\\d+$' }, { pattern: '^\\d{3}$' }),
    ),
  ),
  usages: maybe(some(usages)),
  priority: maybe(fc.integer({ min: 0, max: 3 })),
  to: some(names),
  refuse: fc.constantFrom(undefined, undefined, undefined, undefined, 603),
  callerId: maybe(fc.constant('+4930999')),
});
const policy: fc.Arbitrary<VoicePolicy['usages']> = some(usages);
const numbers = maybe(
  fc.record({ called: fc.array(rule, { maxLength: 2 }), calling: fc.array(rule, { maxLength: 2 }) }),
);
const called = fc.constantFrom('+4930123', '0301234', '004420123', '101', '+15550100', '1', '00301234', '*21');

const organisation = fc.record({
  plans: fc.array(dialPlan, { maxLength: 1 }),
  routes: fc.array(route, { minLength: 1, maxLength: 6 }),
  ofPbx: maybe(policy),
  numbers: fc.tuple(numbers, numbers, numbers),
});

test('a call is traced by the engine as route test says, and goes to the trunk that it says, as that is told', () => {
  let outgoing = 0;
  let refused = 0;
  fc.assert(
    fc.property(organisation, called, (made, number) => {
      const routes = made.routes.map(
        (one, at) => said({ ...one, name: `r${at}`, to: one.refuse === undefined ? one.to : [] }) as Route,
      );
      const trunks = names.map((name, at) => {
        const rules = made.numbers[at];
        return trunk(name, `198.51.100.${at + 1}`, rules ? { numbers: rules } : {});
      });
      const plain = configuration(trunks, { routes, dialPlans: made.plans });
      const whole: Configuration = {
        ...plain,
        trunks: plain.trunks.map((one) => (one.name === 'pbx' && made.ofPbx ? { ...one, usages: made.ofPbx } : one)),
      };
      const plan = new HelpingRouter(whole).plan({
        source: 'pbx',
        called: number,
        caller: '+4930',
        at: 1_700_000_000_000,
      });
      const desk = new Desk(whole);
      desk.request(udp('lan', '10.0.0.2'), 'INVITE', { uri: `sip:${number}@10.0.0.1` });
      const tried: string[] = [];
      for (let round = 0; round < 8; round++)
        for (const sent of requests(desk.take(), 'INVITE')) {
          tried.push(`${sent.flow.remote.host} ${/^sip:([^@]*)@/.exec(sent.message.uri)?.[1]}`);
          desk.respond(sent, 503);
        }
      const { record } = desk.of('record').at(-1)!;
      expect(record.decisions.slice(0, plan.decisions.length)).toEqual(plan.decisions);
      expect(record.route).toBe(plan.route);
      expect(tried).toEqual(
        plan.trunks.map(({ trunk: { name }, called: as = number }) => `198.51.100.${names.indexOf(name) + 1} ${as}`),
      );
      if (plan.trunks.length === 0) {
        refused++;
        expect(record.end.sip?.status).toBe(plan.refuse ?? 404);
      } else outgoing++;
    }),
    { numRuns: 300, seed: 5 },
  );
  // Both happen often, or nothing is shown.
  expect(Math.min(outgoing, refused)).toBeGreaterThan(50);
});
