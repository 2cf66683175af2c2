import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { profileOf } from '#shell/config';
import { failed, passed, type Step, type StepOutcome } from '../trunk-test/report.ts';
import type { Answers } from './answers.ts';
import { configurationText } from './configuration-text.ts';
import { Draft } from './draft.ts';
import { likely } from './mend.ts';
import { ownCertificate } from './own-certificate.ts';

const step = (name: string, outcome: StepOutcome): Step => ({
  ...{ name, at: 0, tookMs: 0, sent: [], came: [], todo: [] },
  ...outcome,
});

test.each([
  ['DNS', 'sip.example.com: no such name', 'place'],
  ['TLS', "the peer's certificate is not trusted: its root is not known", 'trust'],
  ['TLS', "the peer's certificate is for other.test; wanted far.test", 'trust'],
  ['TLS', 'the peer answers in plain text', 'place'],
  ['REGISTER', 'the password is wrong', 'account'],
  ['REGISTER', '403 Forbidden', 'account'],
  ['REGISTER', 'no answer within 12 s', 'place'],
  ['Call', '404 Not Found', 'number'],
  ['Call', '407 Proxy Authentication Required', 'account'],
  ['Audio', 'nothing was heard: no RTP came back', 'here'],
] as const)('%s: %s is mended by: %s', (name, summary, change) => {
  expect(likely({ steps: [step('Configuration', passed('')), step(name, failed(summary))] })).toBe(change);
});

test.each([
  ['sbc.example.com', 'DNS:sbc.example.com'],
  ['192.0.2.5', 'IP Address:192.0.2.5'],
  ['2001:db8::5', 'IP Address:2001:DB8:0:0:0:0:0:5'],
])('a certificate of our own for %s bears it, is signed by its key, and lasts', (name, bears) => {
  const now = Date.UTC(2026, 10, 23);
  const { certificate, key } = ownCertificate(name, now);
  const found = new X509Certificate(certificate);
  expect(found.subjectAltName).toBe(bears);
  expect(found.verify(found.publicKey)).toBe(true);
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(found.validToDate.getTime()).toBe(Date.UTC(2031, 10, 23));
});

const answers: Answers = {
  ...{ profile: 'generic-tls-register', name: 'itsp', provider: '203.0.113.10:5061', transport: 'tls' },
  ...{ user: 'me', password: 'geheim', bind: '192.0.2.5', pbx: '10.0.0.2' },
};

test('what was answered anew is written; a file that somebody has edited is left to him', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-draft-'));
  try {
    const file = join(folder, 'tandem.yaml');
    const draft = new Draft(file, undefined, 8080);
    expect(draft.write(answers).join('\n')).toMatch(/^Made: .*certificate\.pem.*\nWritten: /);
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(draft.write({ ...answers, pbx: '10.0.0.3' })).toEqual([expect.stringMatching(/^Written: /)]);
    expect(readFileSync(file, 'utf8')).toContain('10.0.0.3');
    writeFileSync(file, '# mine\n');
    expect(draft.write({ ...answers, pbx: '10.0.0.4', password: 'anders' })).toEqual([
      `${file} was edited: it is taken as it is`,
    ]);
    expect(readFileSync(file, 'utf8')).toBe('# mine\n');
    expect(readFileSync(join(folder, 'itsp.password'), 'utf8')).toBe('anders\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an outbound proxy, a root and a name of the certificate stand where they belong', () => {
  const text = configurationText(
    {
      ...answers,
      provider: 'sip.example.com',
      proxy: 'edge.example.com',
      trust: './root.pem',
      certificateName: 'x.example',
    },
    './p',
    profileOf(answers.profile),
  );
  expect(text).toContain('    domain: sip.example.com # what stands in requests\n    next-hop: edge.example.com');
  expect(text).toContain('    tls: { names: x.example, trust: [system, ./root.pem] }');
  // An address is believed to be its own name.
  expect(configurationText(answers, './p', undefined)).toContain('tls: { names: "203.0.113.10" }');
});
