import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Survey, survey } from '../scripts/layers.ts';

/** Each rule, and a file that breaks it and no other: a wall that nobody can run into is painted on. */
const canaries: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'kernel-knows-nobody': ['src/kernel/a.ts', "import '#codec/sdp';"],
  'codec-knows-kernel': ['src/codec/sdp/a.ts', "import '#sip/flow';"],
  'sip-knows-codec': ['src/sip/dialog/a.ts', "import '#media/relay';"],
  'media-knows-codec': ['src/media/ports/a.ts', "import type { X } from '#policy/configuration';"],
  'policy-knows-codec': ['src/policy/routing/a.ts', "export { x } from '#sip/flow';"],
  'cdr-knows-below': ['src/cdr/a.ts', "import '#engine/ports';"],
  'call-knows-below': ['src/call/a.ts', "import type { X } from '#engine/ports';"],
  'engine-knows-below': ['src/engine/a.ts', "import '#shell/store';"],
  'shell-knows-ports': ['src/shell/clock/a.ts', "import type { X } from '#policy/configuration';"],
  'media-process-knows-media': ['src/media-process/a.ts', "import '#sip/flow';"],
  'api-knows-engine': ['src/api/a.ts', "import '#call';"],
  'client-knows-nobody': ['src/client/a.ts', "import '#codec/sdp';"],
  'phone-knows-sip': ['src/phone/a.ts', "import '#call';"],
  'cli-knows-no-call': ['src/cli/a.ts', "import '#call';"],
  'ports-stand-alone': ['src/engine/ports/a.ts', "import '../index.ts';"],
  'shells-stand-alone': ['src/shell/log/a.ts', "import '#shell/store';"],
  'enter-by-the-door': ['src/app/a.ts', "import '#inside';"],
  'no-climbing-out': ['src/call/b.ts', "import '../sip/flow/index.ts';"],
  'pure-layers-use-no-node': ['src/kernel/b.ts', "import 'node:fs';"],
  'pure-layers-use-no-packages': ['src/codec/sdp/b.ts', "import 'zod';"],
  'simulator-for-tests-only': ['src/app/b.ts', "const sim = await import('#sim');"],
  'no-cycle': ['src/sip/flow/b.ts', "import type { C } from './c.ts'; export type B = C;"],
  'shipped-code-uses-dependencies': ['src/app/c.ts', "import 'fast-check';"],
  'src-does-not-look-up': ['src/app/d.ts', "import '../../test/a.ts';"],
  resolvable: ['src/app/e.ts', "import './nowhere.ts';"],
};

/** What the canaries are up against. */
const house: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    type: 'module',
    imports: {
      '#call': './src/call/index.ts',
      '#sim': './src/sim/index.ts',
      '#inside': './src/sip/flow/c.ts',
      '#engine/ports': './src/engine/ports/index.ts',
      '#codec/*': './src/codec/*/index.ts',
      '#sip/*': './src/sip/*/index.ts',
      '#media/*': './src/media/*/index.ts',
      '#policy/*': './src/policy/*/index.ts',
      '#shell/*': './src/shell/*/index.ts',
    },
    dependencies: { zod: '*' },
    devDependencies: { 'fast-check': '*' },
  }),
  'src/sip/flow/c.ts': "import type { B } from './b.ts'; export type C = B;",
  'test/a.ts': '',
  'node_modules/zod/package.json': '{ "name": "zod", "main": "index.js" }',
  'node_modules/zod/index.js': '',
  'node_modules/fast-check/package.json': '{ "name": "fast-check", "main": "index.js" }',
  'node_modules/fast-check/index.js': '',
  ...Object.fromEntries(
    [
      'call',
      'sim',
      'engine',
      'engine/ports',
      'codec/sdp',
      'sip/flow',
      'media/relay',
      'policy/configuration',
      'shell/store',
    ].map((folder) => [`src/${folder}/index.ts`, 'export const x = 1; export type X = number;']),
  ),
};

const directory = mkdtempSync(join(tmpdir(), 'tandem-layers-'));
afterAll(() => rmSync(directory, { recursive: true }));

let canary: Survey;
beforeAll(() => {
  for (const [path, text] of [...Object.entries(house), ...Object.values(canaries)]) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  canary = survey(directory, ['src', 'test']);
}, 60_000);

test('every rule has a canary', () => {
  expect(Object.keys(canaries).sort()).toEqual([...canary.rules].sort());
});

test.each(Object.entries(canaries))('%s bites', (rule, [path]) => {
  const bitten = canary.violations.filter(({ from }) => from === path).map((violation) => violation.rule);
  expect(bitten).toContain(rule);
});

test('what keeps the rules is left alone', () => {
  const offenders = new Set([...Object.values(canaries).map(([path]) => path), 'src/sip/flow/c.ts']);
  expect(canary.violations.filter(({ from }) => !offenders.has(from))).toEqual([]);
});

test('the compiler holds the pure layers too', () => {
  const { include } = JSON.parse(
    readFileSync(new URL('../tsconfig.pure.json', import.meta.url), 'utf8').replaceAll(/^\s*\/\/.*$/gm, ''),
  ) as { include: string[] };
  expect(include.sort()).toEqual(
    ['call', 'cdr', 'codec', 'engine', 'kernel', 'media', 'policy', 'sip'].map((folder) => `src/${folder}`),
  );
});
