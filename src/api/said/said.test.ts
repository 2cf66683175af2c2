import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HelpingRouter } from '#engine/ports';
import { loadConfiguration } from '#shell/config';
import { outcomes, phrases } from './phrases.ts';
import { ruleSaid, said } from './said.ts';

describe('a sentence', () => {
  test.each([
    [
      'no: +493012 does not begin with 030 or 031',
      { code: 'no', because: { code: 'other-prefix', parameters: { number: '+493012', prefixes: '030 or 031' } } },
    ],
    ['matches: itsp-a, itsp-b', { code: 'matches', parameters: { targets: 'itsp-a, itsp-b' } }],
    ['matches: refused with 603', { code: 'matches-refused', parameters: { status: '603' } }],
    [
      'skipped: down since 12:04:31: unreachable: ECONNREFUSED',
      {
        code: 'skipped',
        because: { code: 'down-since', because: { code: 'unreachable-why', because: { code: 'system-refused' } } },
      },
    ],
    ['503 Service Unavailable: the next is tried', { code: 'answered-next', parameters: { status: '503' } }],
    ['connection lost: the next is tried', { code: 'next', parameters: { because: 'connection lost' } }],
    ['OPTIONS answered 200 in 4 ms', { code: 'options-answered', parameters: { status: '200', milliseconds: '4' } }],
    ['national: 030123 is +4930123', { code: 'number-rule' }],
    ['+4930123 is ann', { code: 'number-is' }],
  ])('%s', (text, parts) => {
    expect(said(text)).toMatchObject(parts);
  });

  test('that is not known, or is somebody’s text, has no parts', () => {
    for (const text of ['', 'it is what it is', 'x'.repeat(501), 'matches: '.repeat(100)])
      expect(said(text)).toBe(undefined);
    expect(ruleSaid('outbound')).toBe(undefined);
    expect(ruleSaid('trunk itsp at udp 192.0.2.1:5060')).toMatchObject({ code: 'rule-trunk-target' });
  });

  test('whatever a peer writes into it takes no time to read', () => {
    const begun = performance.now();
    for (const piece of [': ', ' is ', ' of ', ', this one is from ', '; '])
      for (const letter of ['a', '1', '+']) said((letter + piece).repeat(500).slice(0, 500));
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

test('what the router says of a call is known, all of it', () => {
  const loaded = loadConfiguration(
    `
listeners: [{ name: all, bind: 127.0.0.1 }]
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 127.0.0.2 }
  - { name: itsp, kind: itsp, addresses: 127.0.0.3 }
  - { name: off, kind: itsp, addresses: 127.0.0.4, disabled: true }
groups: [{ name: both, trunks: [off, itsp] }]
routes:
  - { name: closed, disabled: true, to: itsp }
  - { name: from-itsp, from: itsp, to: pbx }
  - { name: prefix, called: { prefix: '030' }, to: itsp }
  - { name: pattern, called: { pattern: '^00' }, to: itsp }
  - { name: except, called: { prefix: '+', except: '+49' }, to: itsp }
  - { name: sites, sites: berlin, to: itsp }
  - { name: world, to: both }
sites: [{ name: berlin, country: DE, subnets: 192.0.2.0/24 }]
`,
    { file: 'x.yaml', env: {} },
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { decisions } = new HelpingRouter(loaded.configuration).plan({ source: 'pbx', called: '+4930123', at: 0 });
  expect(decisions.length).toBeGreaterThan(6);
  for (const { outcome } of decisions) {
    const parts = said(outcome);
    expect(parts, outcome).toBeDefined();
    if (parts!.parameters.because !== undefined) expect(parts!.because, outcome).toBeDefined();
  }
});

test('each is still written somewhere, and none twice', () => {
  const sources = ['policy', 'call', 'engine', 'sip', 'api/trunks', 'cdr']
    .map((folder) => join(import.meta.dirname, '../..', folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.includes('.test.'))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    )
    .join('\n');
  // What the system says is Node's; in the others a word is put in by code.
  const putIn = /^(system|choice|caller|callee|one-call|calls-unanswered|not-answered)(-|$)/;
  const all = [...phrases, ...outcomes];
  expect(new Set(all.map(([code]) => code)).size).toBe(all.length);
  const lost = all
    .filter(([code]) => !putIn.test(code))
    .map(([, text]) => text.split(/\{\w+\}/).toSorted((a, b) => b.length - a.length)[0]!)
    .map((piece) => piece.replaceAll(/^[:;,() ]+|[:;,() ]+$/g, ''))
    .filter((piece) => ![piece, piece.replaceAll("'", "\\'")].some((one) => sources.includes(one)));
  expect(lost).toEqual([]);
});
