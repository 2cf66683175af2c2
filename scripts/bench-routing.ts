/**
 * What a routing decision costs, and what the tables take, as they grow: prefixes of a file, rules that are patterns, prices.
 * `node --expose-gc --conditions=source scripts/bench-routing.ts [--prefixes 1000000] [--rules 10000]`
 */
import { parseArgs } from 'node:util';
import { seeded } from '#kernel';
import type { Route, Trunk } from '#policy/configuration';
import { Router } from '#policy/routing';
import { trunk } from '../test/support/trunk.ts';

if (!globalThis.gc) throw new Error('start it with --expose-gc: memory is told after what nobody needs is gone');

const { values } = parseArgs({
  options: { prefixes: { type: 'string', default: '1000000' }, rules: { type: 'string', default: '10000' } },
});
const mostPrefixes = Number(values.prefixes);
const mostRules = Number(values.rules);
const decisions = 200_000;
const random = seeded(1);

/** A number as long as they are: 11 to 14 digits. */
function number(): string {
  let digits = String(1 + random.integer(9));
  const length = 11 + random.integer(4);
  while (digits.length < length) digits += String(random.integer(10));
  return `+${digits}`;
}

function prefix(): string {
  return number().slice(0, 5 + random.integer(6));
}

interface Weighed<T> {
  readonly made: T;
  /** Octets that it takes, and that there were more when it had just been made: what its making leaves behind. */
  readonly octets: number;
  readonly most: number;
  readonly ms: number;
}

function weighed<T>(make: () => T): Weighed<T> {
  const before = settled();
  const began = performance.now();
  const made = make();
  const ms = performance.now() - began;
  const most = inUse() - before;
  return { made, octets: settled() - before, most, ms };
}

function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Arrays that nobody has any more are given back beside the program, and counted until the next collection: one tells of them as if they stayed. */
function settled(): number {
  for (let i = 0; i < 3; i++) globalThis.gc!();
  return inUse();
}

function measured(router: Router): number {
  const numbers = Array.from({ length: 4096 }, number);
  for (let i = 0; i < 20_000; i++) router.plan({ source: 'pbx', called: numbers[i & 4095]! });
  const began = process.cpuUsage();
  for (let i = 0; i < decisions; i++) router.plan({ source: 'pbx', called: numbers[i & 4095]! });
  const { user, system } = process.cpuUsage(began);
  return (user + system) / decisions;
}

const trunks = [trunk('pbx'), trunk('one'), trunk('two')];
const last: Route = { name: 'rest', from: [], to: ['one'] };

function row(what: string, count: number, routes: () => readonly Route[], of: readonly Trunk[] = trunks): void {
  const list = routes();
  const { made, octets, most, ms } = weighed(() => new Router({ trunks: of, groups: [], routes: list }));
  const each = measured(made);
  console.log(
    `${what.padEnd(28)} ${String(count).padStart(9)}  ${each.toFixed(2).padStart(7)} µs a decision  ${(octets / 1e6).toFixed(1).padStart(7)} MB  built in ${ms.toFixed(0)} ms with ${(most / 1e6).toFixed(1)} MB`,
  );
}

for (let count = 10; count <= mostRules; count *= 10) {
  row('rules that are patterns', count, () => [
    ...Array.from(
      { length: count },
      (_, i): Route => ({ name: `r${i}`, from: [], called: { pattern: `^\\${prefix()}\\d+$` }, to: ['two'] }),
    ),
    last,
  ]);
}
for (let count = 1000; count <= mostPrefixes; count *= 10) {
  row('prefixes of one route', count, () => [
    { name: 'list', from: [], called: { prefixes: Array.from({ length: count }, prefix) }, to: ['two'] },
    last,
  ]);
}
for (let count = 1000; count <= mostPrefixes; count *= 10) {
  const priced = (name: string): Trunk => ({
    ...trunk(name),
    rates: Array.from({ length: count / 2 }, () => ({ prefix: prefix(), price: random.integer(1000) / 1000 })),
  });
  row('prices of two trunks', count, () => [{ ...last, choice: 'least-cost', to: ['one', 'two'] }], [
    trunk('pbx'),
    priced('one'),
    priced('two'),
  ]);
}
