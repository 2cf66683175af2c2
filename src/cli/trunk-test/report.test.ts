import { describe, expect, test } from 'vitest';
import { handshakeAdvice, statusAdvice } from './advice.ts';
import { reportHtml } from './html.ts';
import { type Step, type StepVerdict, type TestReport, together, verdictOf } from './report.ts';
import { reportText } from './text.ts';

process.env.TZ = 'UTC';
const at = Date.UTC(2026, 10, 23, 8, 5, 9);

function step(name: string, verdict: StepVerdict, more: Partial<Step> = {}): Step {
  return { name, verdict, summary: `${name} is so`, at, tookMs: 12, sent: [], came: [], todo: [], ...more };
}

function report(steps: readonly Step[]): TestReport {
  const base = { trunk: 'acme', by: 'tandem 1.2.3', startedAt: at, tookMs: 1234, running: true, number: '+4930' };
  return { ...base, steps, ...verdictOf('acme', steps) };
}

test.each<[StepVerdict[], StepVerdict]>([
  [['passed', 'passed'], 'passed'],
  [['passed', 'warning'], 'warning'],
  [['passed', 'failed'], 'warning'],
  [['failed', 'warning'], 'warning'],
  [['failed', 'failed'], 'failed'],
])('targets %j make %s: a trunk is as good as the one that works', (verdicts, expected) => {
  expect(together(verdicts)).toBe(expected);
});

describe('the verdict', () => {
  test.each<[Step[], boolean, string]>([
    [[step('DNS', 'passed'), step('Call', 'passed')], true, 'acme works: 2 steps passed'],
    [[step('DNS', 'warning'), step('Call', 'passed')], true, 'acme works: 2 steps passed, 1 with a warning'],
    [[step('DNS', 'passed'), step('Call', 'skipped')], true, 'acme works: 1 step passed; no call was made'],
    [
      [step('TLS', 'failed'), step('OPTIONS', 'failed'), step('Call', 'failed')],
      false,
      'acme does not work: TLS: TLS is so; OPTIONS, Call failed too',
    ],
  ])('%#', (steps, ok, verdict) => {
    expect(verdictOf('acme', steps)).toEqual({ ok, verdict });
  });
});

const evil = step('Call', 'failed', {
  summary: '404 <script>alert(1)</script>\x1b[2J',
  sent: ['INVITE & more'],
  came: ['Reason: "x\'y"'],
  todo: ['Ask.'],
});

test('the text: verdict, what was sent, came and is to do', () => {
  expect(reportText(report([step('DNS', 'passed'), evil]))).toBe(
    [
      'Test of trunk acme, with a call to +4930, 2026-11-23 08:05:09.000 +00:00',
      '',
      'ok    DNS            DNS is so  (12 ms)',
      'FAIL  Call           404 <script>alert(1)</script>\\x1b[2J  (12 ms)',
      '        > INVITE & more',
      '        < Reason: "x\'y"',
      '        ! Ask.',
      '',
      'acme does not work: Call: 404 <script>alert(1)</script>\\x1b[2J',
      '',
    ].join('\n'),
  );
});

test('in the page what peers say is text', () => {
  const html = reportHtml(report([evil, step('Audio', 'skipped')]));
  expect(html).toContain('404 &lt;script&gt;alert(1)&lt;/script&gt;\\x1b[2J');
  expect(html).toContain('<li>Reason: &quot;x&#39;y&quot;</li>');
  expect(html).not.toContain('<script');
  expect(html).toContain('<details class="skipped"><summary>');
  expect(html).toContain('<details class="failed" open>');
});

test.each([
  ["the peer's certificate is for other.test; wanted far.test", 'tls.names'],
  ['the certificate of a.test was issued by "CN=X", which is not trusted', 'tls.trust'],
  ['the certificate of a.test expired on 2026-01-01', 'renew'],
  ['the peer speaks plain text on this port', 'port for TLS'],
  ['the peer wants a client certificate: give the trunk one that it trusts', 'tls.certificate'],
  ['the peer does not trust the issuer of our certificate', 'root of our certificate'],
  ['something new', 'what its log says'],
])('a handshake that failed because %s', (reason, advice) => {
  expect(handshakeAdvice(reason)).toContain(advice);
});

test('a status means something else for who registers', () => {
  expect(statusAdvice(404, 'INVITE')).toContain('number');
  expect(statusAdvice(404, 'REGISTER')).toContain('account');
  expect(statusAdvice(403, 'REGISTER')).toContain('account');
  expect(statusAdvice(299, 'INVITE')).toBeUndefined();
});
