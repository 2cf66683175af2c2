import { expect, test } from 'vitest';
import type { Configuration } from '#engine/ports';
import { Sensitive } from '#kernel';
import { loadConfiguration } from '#shell/config';
import { examined } from './examined.ts';
import { Examiner } from './examiner.ts';

const head = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.1 }
  - { name: wan, side: external, bind: 192.0.2.1 }
media: { internal: 10.0.0.1, external: 192.0.2.1, ports: 20000-20999 }
routes:
  - { name: out, from: t0, to: t1 }
trunks:
`;
const text = (count: number, of: (n: number) => string) =>
  head + Array.from({ length: count }, (_, n) => `  - { name: t${n}, ${of(n)} }\n`).join('');
const sound = (n: number) => `kind: ${n === 0 ? 'ip-pbx' : 'itsp'}, addresses: 203.0.113.${n}`;
const loaded = (of: string): Configuration => {
  const found = loadConfiguration(of, { file: 'tandem.yaml', env: {} });
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found.configuration;
};
const question = (of: string) => ({ text: of, file: 'tandem.yaml', node: undefined });

test('a configuration of nothing but faults is examined while others have their answers, and the worst of it is told', async () => {
  const running = loaded(text(2, sound));
  let turns = 0;
  const others = setInterval(() => turns++, 5);
  const faulty = text(1_500, (n) => `kind: nothing, colour${n}: red`);
  const { sound: isSound, findings, more } = await new Examiner().examine(question(faulty), running);
  clearInterval(others);
  expect([isSound, findings.length]).toEqual([false, 1_000]);
  expect(more).toBeGreaterThan(1_000);
  // In this thread nobody would have had one.
  expect(turns).toBeGreaterThan(3);
});

test('what it says is what is said in one’s own thread, secrets that run included', async () => {
  const running = loaded(text(2, sound));
  const secret = { ...running.trunks[0]!, credentials: [{ username: 'u', password: new Sensitive('0p3nSes4me') }] };
  const other = { ...running, trunks: [secret, running.trunks[1]!] } as Configuration;
  const examiner = new Examiner();
  const next = question(text(3, sound));
  // One after the other, whatever runs by then.
  const all = [running, other, running];
  const said = await Promise.all(all.map((one) => examiner.examine(next, one)));
  expect(said).toEqual(all.map((one) => examined(next, one)));
  expect(said[0]!.differences.length).toBeGreaterThan(0);
  expect(said[1]!.differences.length).toBeGreaterThan(said[0]!.differences.length);
  expect(JSON.stringify(said)).not.toContain('0p3n');
});

test('who asks when many wait is told so', async () => {
  const running = loaded(text(2, sound));
  const examiner = new Examiner();
  const all = await Promise.allSettled(
    Array.from({ length: 10 }, () => examiner.examine(question(text(2, sound)), running)),
  );
  expect(all.map(({ status }) => status)).toEqual([...Array(8).fill('fulfilled'), ...Array(2).fill('rejected')]);
});
