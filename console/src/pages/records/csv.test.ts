import { expect, test } from 'vitest';
import { csvHead, csvLine, type Line } from './csv.ts';

const line: Line = {
  call: 'c1',
  caller: '+4930123456',
  called: 'say "hi", you',
  from: 'pbx',
  startedAt: '2026-11-23T10:00:00.000Z',
  endedAt: '2026-11-23T10:01:00.000Z',
  talkMs: 0,
  attempts: 2,
  end: { by: 'callee', reason: 'busy', text: '', failure: false, sip: { status: 486, phrase: 'Busy Here' } },
};

test('a line has a cell for each of the head', () => {
  expect(csvHead.split(',')).toHaveLength(19);
  expect(csvLine(line)).toBe(
    'c1,2026-11-23T10:00:00.000Z,,,2026-11-23T10:01:00.000Z,+4930123456,"say ""hi"", you",pbx,,,,,0,2,callee,busy,486,,\r\n',
  );
});

test.each(['=1+1', '+cmd|x', '@x', '-2', ' =1+1', '\t@x', '＝1+1'])(
  'what a caller calls himself is no formula: %s',
  (caller) => {
    expect(csvLine({ ...line, caller })).toContain(`,'${caller},`);
  },
);
