import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfiguration } from '#shell/config';
import { Failure } from './failure.ts';
import { writeHandOver } from './hand-over.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-hand-over-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configuration(trunks: string) {
  const text = `listeners:
  - { name: lan, side: internal, bind: 10.0.0.5 }
  - { name: wan, side: external, bind: 192.0.2.5 }
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 10.0.0.20 }
${trunks}routes:
  - { name: out, from: pbx, to: pbx }
`;
  const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.configuration;
}
const providers = configuration(
  '  - { name: itsp-a, kind: itsp, addresses: 203.0.113.10, connection: mpls }\n  - { name: itsp-b, kind: itsp, addresses: 203.0.113.20, connection: { type: internet, vpn: true } }\n',
);

test('one document has what every provider is told, by the connection of each', () => {
  const path = join(folder, 'all.md');
  expect(writeHandOver(providers, path)).toMatch(
    /all\.md has the data sheets of itsp-a, itsp-b; \d+ things are to be agreed\.$/,
  );
  const text = readFileSync(path, 'utf8');
  expect(text.match(/^# Data sheet of trunk .*$/gm)).toEqual([
    '# Data sheet of trunk itsp-a (itsp, over MPLS)',
    '# Data sheet of trunk itsp-b (itsp, over the internet, VPN)',
  ]);
  expect(text).toContain('| Public address of our perimeter router | 192.0.2.5 |');
  expect(text.match(/\| Address of our VPN server \| \*\*to be agreed\*\* \|/g)?.length).toBe(1);
  expect(text).not.toContain('trunk pbx');
});

test('for programs it is a list', () => {
  const path = join(folder, 'all.json');
  writeHandOver(providers, path);
  expect(JSON.parse(readFileSync(path, 'utf8')).map(({ trunk }: { trunk: string }) => trunk)).toEqual([
    'itsp-a',
    'itsp-b',
  ]);
});

test('without a provider the peers that there are', () => {
  const path = join(folder, 'all.txt');
  writeHandOver(configuration(''), path);
  expect(readFileSync(path, 'utf8')).toContain('Data sheet of trunk pbx');
});

test('a place that cannot be written is said', () => {
  expect(() => writeHandOver(providers, join(folder, 'no', 'all.md'))).toThrow(Failure);
});
