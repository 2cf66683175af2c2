/**
 * Prints how long the management process takes over questions about many live calls: a page in each order, filters, what is wrong now, a
 * second of changes.
 *
 *   node --conditions=source scripts/bench-live.ts [calls, 10,000 unless given]
 */
import { Mirror } from '#api';
import { callView } from '../src/api/calls/view.ts';
import { liveCall, liveTrunk } from '../src/api/live/live.testing.ts';
import { callOrders, pageOf } from '../src/api/live/query.ts';
import { troubles } from '../src/api/problems/problems.ts';

const count = Number(process.argv[2] ?? 10_000);
const times = 50;
const at = Date.now();

function tell(what: string, act: () => unknown): void {
  act();
  const began = performance.now();
  for (let n = 0; n < times; n++) act();
  console.log(`${what.padEnd(56)} ${((performance.now() - began) / times).toFixed(2).padStart(8)} ms`);
}

const mirror = new Mirror(Date.now, () => true);
const some = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => {
    const n = from + i;
    return liveCall(n.toString(16).padStart(32, '0'), {
      startedAt: at - ((n * 7919) % 3_600_000),
      caller: `+4930${1_000_000 + ((n * 7907) % 20_000)}`,
      called: `+49${1_500_000_000 + ((n * 104_729) % 5_000_000)}`,
      a: { trunk: n % 3 ? 'pbx' : `itsp${n % 20}` },
      ...(n % 500 === 0 ? { silent: ['callee'] } : {}),
    });
  });
mirror.apply({ kind: 'begin', calls: count, at });
mirror.apply({ kind: 'trunks', trunks: Array.from({ length: 100 }, (_, n) => liveTrunk(`itsp${n}`)), at });
const began = performance.now();
for (let n = 0; n < count; n += 200) mirror.apply({ kind: 'calls', calls: some(n, Math.min(count, n + 200)), at });
mirror.apply({ kind: 'current', at });
console.log(`${`${count} calls taken in`.padEnd(56)} ${(performance.now() - began).toFixed(2).padStart(8)} ms`);

const page = { descending: true, after: undefined, limit: 100 };
for (const order of callOrders)
  tell(`a page of 100 by ${order}`, () => pageOf(mirror.calls.values(), {}, { ...page, order }).calls.map(callView));
tell('a page of one trunk', () => pageOf(mirror.calls.values(), { trunk: 'itsp3' }, { ...page, order: 'started' }));
tell('a page by a text in it', () => pageOf(mirror.calls.values(), { text: '4711' }, { ...page, order: 'started' }));
tell('a page of 1,000, as JSON', () =>
  JSON.stringify(pageOf(mirror.calls.values(), {}, { ...page, order: 'called', limit: 1000 }).calls.map(callView)),
);
const figures = mirror.traffic.hour('all', '', at);
tell('what is wrong now', () =>
  troubles({
    now: at,
    state: 'current',
    stateSince: at,
    lagMs: 0,
    trunks: mirror.trunks.values(),
    calls: mirror.calls.values(),
    house: mirror.house,
    hour: figures,
    before: figures,
    hourOf: (trunk) => mirror.traffic.hour('to', trunk, at),
    isDisabled: () => false,
  }),
);
const changed = some(0, 200);
tell('1,000 changes of calls', () => {
  for (let n = 0; n < 5; n++) mirror.apply({ kind: 'calls', calls: changed, at });
});
