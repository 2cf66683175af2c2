/** Who forwarded a call, in every form that it is told: RFC 5806, RFC 4244, RFC 7044, RFC 4458, and their mapping (RFC 7544). */
import { describe, expect, test } from 'vitest';
import { readDiversions, writeDiversions } from './diversion.ts';
import { bounded, type Diverted, forwardings } from './history.ts';
import { readHistoryInfo, writeHistoryInfo } from './history-info.ts';
import { across, inviteOf, policyOf, trunkOf } from './identity.testing.ts';
import { nobody, type Side } from './person.ts';

const side: Side = { home: { host: '192.0.2.1', port: 5060 }, hides: () => true, isTheirs: () => false };

/** "+491 user-busy/486 x2 private": who, why, for how many, and whether it hides. */
function told(history: readonly Diverted[]): readonly string[] {
  return history.map(({ who, reason, cause, count, private: hides }) => {
    const why = cause === undefined ? reason : `${reason}/${cause}`;
    return `${who.user} ${why}${count === 1 ? '' : ` x${count}`}${hides ? ' private' : ''}`;
  });
}

describe('Diversion is read, newest first', () => {
  test.each([
    ['one', ['<sip:+491@x>;reason=user-busy'], ['+491 user-busy']],
    ['without a reason', ['<sip:+491@x>'], ['+491 unknown']],
    ['a reason of its own', ['<sip:+491@x>;reason="no-battery"'], ['+491 unknown']],
    ['quoted', ['"A, B" <sip:+491@x>;reason="no-answer";privacy="full"'], ['+491 no-answer private']],
    ['a tel URI', ['<tel:+491;ext=2>;reason=Unconditional'], ['+491;ext=2 unconditional']],
    ['two', ['<sip:+492@x>;reason=deflection', '<sip:+491@x>;reason=away'], ['+491 away', '+492 deflection']],
    ['a counter', ['<sip:+491@x>;counter=3'], ['+491 unknown x3']],
    [
      'a counter that is none',
      ['<sip:+491@x>;counter=0', '<sip:+492@x>;counter=777'],
      ['+492 unknown', '+491 unknown'],
    ],
    ['what is no address', ['+491', 'sip:', '<im:a@x>', '<sip:+491@x>'], ['+491 unknown']],
    ['nobody', ['<sip:anonymous@anonymous.invalid>;reason=away'], ['anonymous away private']],
  ])('%s', (_, values, expected) => {
    expect(told(readDiversions(values))).toEqual(expected);
  });

  test('screen and limit go on', () => {
    const [value] = writeDiversions(readDiversions(['<sip:+491@x>;limit=5;screen=Yes']), side, true);
    expect(value).toBe('<sip:+491@192.0.2.1>;reason=unknown;counter=1;privacy=off;screen=yes;limit=5');
  });
});

describe('History-Info is read, oldest first', () => {
  test.each([
    [
      'RFC 7544 6: cause in the URI of the successor, mp names who was left',
      [
        '<sip:+491@x>;index=1',
        '<sip:+492@x;cause=302?Privacy=none>;index=1.1;mp=1',
        '<sip:+493@x;cause=486>;index=1.1.1;mp=1.1',
      ],
      ['+491 unconditional/302', '+492 user-busy/486'],
    ],
    [
      'a registered Contact in between (rc) forwarded nothing',
      ['<sip:+491@x>;index=1', '<sip:+491@10.0.0.9>;index=1.1;rc=1', '<sip:+493@x;cause=408>;index=1.2;mp=1'],
      ['+491 no-answer/408'],
    ],
    [
      'without mp it is the one before',
      ['<sip:+491@x>;index=1', '<sip:+493@x;cause=503>;index=1.1'],
      ['+491 unavailable/503'],
    ],
    ['mp of nobody', ['<sip:+491@x>;index=1', '<sip:+493@x;cause=480>;index=1.1;mp=7'], ['+491 deflection/480']],
    [
      'a service number is translated, not forwarded (RFC 8119)',
      ['<sip:+49800@x>;index=1', '<sip:+493@x;cause=380>;index=1.1;mp=1'],
      [],
    ],
    [
      'RFC 4244: Reason in the URI of who was left',
      [
        '<sip:Bob@x?Reason=SIP%3Bcause%3D302%3Btext%3D%22moved%22>;index=1',
        '<sip:+492@x?Reason=SIP%3Bcause%3D486&Privacy=history>;index=1.1',
        '<sip:+493@x>;index=1.2',
      ],
      ['Bob unconditional/302', '+492 user-busy/486 private'],
    ],
    ['who forwarded alone', ['<sip:+491@x?Reason=SIP%3Bcause%3D487>;index=1'], ['+491 deflection/487']],
    ['Q.850 alone says nothing of forwarding', ['<sip:+491@x?Reason=Q.850%3Bcause%3D17>;index=1'], []],
    [
      'the Lync family gives no cause',
      ['<sip:+491@x;user=phone>;index=1;ms-retarget-reason=forwarding'],
      ['+491 unconditional'],
    ],
    ['nobody forwarded', ['<sip:+491@x>;index=1', '<sip:+491@10.0.0.9>;index=1.1;rc=1'], []],
    [
      'missing indexes are forwardings that nobody wrote down',
      [
        '<sip:+491@x>;index=1',
        '<sip:+492@x;cause=302>;index=1.1.1.1;mp=1',
        '<sip:+493@x;cause=486>;index=1.1.1.1.1;mp=1.1.1.1',
      ],
      ['+491 unconditional/302', '+492 user-busy/486 x3'],
    ],
    [
      'what is no address',
      ['<sip:>;index=1', 'x', '<sip:+491@x?Reason=SIP%3Bcause%3D302>;index=1..1'],
      ['+491 unconditional/302'],
    ],
  ])('%s', (_, values, expected) => {
    expect(told(readHistoryInfo(values))).toEqual(expected);
  });
});

test.each([
  ['unknown', 404],
  ['user-busy', 486],
  ['no-answer', 408],
  ['unavailable', 503],
  ['unconditional', 302],
  ['time-of-day', 404],
  ['do-not-disturb', 404],
  ['deflection', 480],
  ['follow-me', 404],
  ['out-of-service', 404],
  ['away', 404],
])('%s is cause %d (RFC 7544 7.1)', (reason, cause) => {
  const history = readDiversions([`<sip:+491@x>;reason=${reason}`]);
  expect(writeHistoryInfo(history, 'sip:+49@y', side, true)[1]).toBe(`<sip:+49@y;cause=${cause}>;index=1.1;mp=1`);
});

test('a counter leaves out levels of the index, and comes back from them', () => {
  const values = ['<sip:+492@x>;reason=no-answer;counter=2', '<sip:+491@x>;reason=unconditional;counter=3'];
  const written = writeHistoryInfo(readDiversions(values), 'sip:+49@y', side, true);
  expect(written.map((value) => /;index=.*/.exec(value)![0])).toEqual([
    ';index=1.1.1',
    ';index=1.1.1.1.1;mp=1.1.1',
    ';index=1.1.1.1.1.1;mp=1.1.1.1.1',
  ]);
  expect(told(readHistoryInfo(written))).toEqual(['+491 unconditional/302 x3', '+492 no-answer/408 x2']);
});

test('a long history keeps its first and its last, and the count', () => {
  const history = Array.from(
    { length: 14 },
    (_, i): Diverted => ({
      who: { ...nobody, user: `+49${i}` },
      reason: 'away',
      count: 1,
      private: false,
    }),
  );
  const short = bounded(history);
  expect(short.map(({ who, count }) => `${who.user}x${count}`)).toEqual([
    '+490x1',
    '+495x5',
    ...[6, 7, 8, 9, 10, 11, 12, 13].map((i) => `+49${i}x1`),
  ]);
  expect(forwardings(short)).toBe(14);
});

describe('across', () => {
  const pbx = trunkOf('ip-pbx');
  const both = { ...trunkOf('itsp'), ...policyOf({ trusted: true, history: 'both' }) };
  const fields = (lines: readonly string[]) =>
    across(inviteOf(lines), pbx, both).lines.filter((line) => /^(Diversion|History-Info|Privacy)/.test(line));

  test('of both, the one that tells of more forwardings counts', () => {
    const one = 'History-Info: <sip:+491@10.0.0.2?Reason=SIP%3Bcause%3D302>;index=1';
    const two = 'Diversion: <sip:+492@10.0.0.2>;reason=user-busy, <sip:+493@10.0.0.2>';
    expect(fields([one, two]).filter((line) => line.startsWith('Diversion'))).toEqual([
      'Diversion: <sip:+492@192.0.2.1>;reason=user-busy;counter=1;privacy=off',
      'Diversion: <sip:+493@192.0.2.1>;reason=unknown;counter=1;privacy=off',
    ]);
    expect(fields([one, 'Diversion: <sip:+492@10.0.0.2>;reason=user-busy'])[2]).toContain('+491@192.0.2.1');
  });

  test('Privacy: history hides all of them, and nothing else; a trusted trunk is told who they are', () => {
    expect(fields(['Privacy: history', 'Diversion: <sip:+492@10.0.0.2>;reason=user-busy'])).toEqual([
      'History-Info: <sip:+492@192.0.2.1?Reason=SIP%3Bcause%3D486&Privacy=history>;index=1',
      'History-Info: <sip:+4930123@itsp.example;cause=486>;index=1.1;mp=1',
      'Diversion: <sip:+492@192.0.2.1>;reason=user-busy;counter=1;privacy=full',
    ]);
  });

  test('the cause of a Request-URI goes on where forwarding is told', () => {
    const invite = inviteOf([], 'sip:+4930123@10.0.0.1;cause=302;user=phone');
    expect(across(invite, pbx, both).because).toBe(';cause=302');
    expect(across(invite, pbx, { ...both, ...policyOf({ history: 'none' }) }).because).toBe('');
    expect(across(inviteOf([], 'sip:+4930123@10.0.0.1;cause=x'), pbx, both).because).toBe('');
  });
});
