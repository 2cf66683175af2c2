import { expect, test } from 'vitest';
import { liveText } from './explain-call.ts';
import { toneOf, traceLines } from './trace-text.ts';

const of = (outcome: string) => toneOf({ rule: 'x', outcome });

test('what took a call, what did not, and what is worth a look are told apart', () => {
  expect(of('matches: acme')).toBe('took');
  expect(of('no: +49 does not begin with +44')).toBe('passed-by');
  for (const outcome of [
    'nearly: compared 1, it takes 2',
    'skipped: down since 12:00',
    'left out: it ends in another country',
    'put off: cooling',
    'no answer within 300 ms',
    'not asked: it has not answered lately',
  ])
    expect(of(outcome)).toBe('hint');
  expect(of('503 Busy: the next is tried')).toBe('plain');
  expect(of('notable')).toBe('plain');
});

test('lines are painted, and what would steer a terminal is shown', () => {
  const lines = traceLines(
    [
      { rule: 'out', outcome: 'matches: acme' },
      { rule: 'a\x1b[31m', outcome: 'no: \u202e' },
    ],
    (tone, text) => `<${tone}>${text}`,
  );
  expect(lines).toEqual(['  out     <took>matches: acme', '  a\\x1b[31m  <passed-by>no: \\u202e']);
  expect(traceLines([])).toEqual(['  none: the call ended before one was due']);
});

test('where nothing took the call, each rule says what would have it do so', () => {
  const passed = { rule: 'out', outcome: 'no: +493012345 does not begin with 03012345' };
  expect(traceLines([passed])[1]).toMatch(/^ +=> if it is meant for \+493012345: .*dial plan/);
  expect(traceLines([passed])[0]).toBe('  out  no: compared +493012345, rule wants 03012345 at its start');
  const nearly =
    'nearly: compared +493012345, it takes 03012345 (as within its country): a dial plan rule that writes it so would do';
  expect(traceLines([{ rule: 'out', outcome: nearly }])[0]).toContain(
    'compared +493012345, rule wants 03012345 (as within its country): add a normalisation',
  );
  expect(traceLines([passed, { rule: 'all', outcome: 'matches: acme' }])).toHaveLength(2);
});

const live = {
  call: '7f3a',
  phase: 'setup',
  caller: '100',
  called: '+4930',
  startedAt: 1_700_000_000_000,
  leg: { trunk: 'pbx', remote: '', callId: '', localTag: '', remoteTag: '' },
  decisions: [{ rule: 'out', outcome: 'matches: acme, beta' }],
  attempts: [],
};
const painted = (more: object) =>
  liveText({ ...live, ...more }, (_tone, text) => text)
    .trimEnd()
    .split('\n');

test('a call that goes on says how far it has come', () => {
  expect(painted({})[0]).toBe('Call 7f3a');
  expect(painted({})).toContain('  out  matches: acme, beta');
  expect(painted({}).at(-1)).toBe('It has reached nobody yet (setup).');
  expect(painted({ b: { trunk: 'acme' } }).at(-1)).toBe('It is being tried on trunk acme.');
  expect(painted({ b: { trunk: 'acme' }, ringingAt: live.startedAt }).at(-1)).toMatch(/^It rings on trunk acme since /);
  expect(painted({ b: { trunk: 'acme' }, answeredAt: live.startedAt }).at(-1)).toMatch(
    /^It was answered on trunk acme, /,
  );
});

test('what has failed until now is told', () => {
  const end = { by: 'callee', reason: 'rejected', sip: { status: 503, phrase: 'Full' } };
  const attempt = { leg: { ...live.leg, trunk: 'acme' }, caller: '', called: '', startedAt: 1, endedAt: 2, end };
  expect(
    painted({ attempts: [attempt, { ...attempt, endedAt: 0 }] }).filter((line) => line.startsWith('Trunk')),
  ).toEqual(['Trunk acme: The called side refused the call with another final status. SIP 503 Full.']);
});
