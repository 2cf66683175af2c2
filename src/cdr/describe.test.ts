import { describe, expect, test } from 'vitest';
import { describeEnd, type EndReason, endReasons, partiesOwnEnds } from './index.ts';

describe('the end in a sentence', () => {
  test('who hung up is named, and the raw causes follow', () => {
    expect(describeEnd({ by: 'caller', reason: 'hangup' })).toBe('The caller hung up.');
    expect(describeEnd({ by: 'callee', reason: 'hangup', q850: { cause: 16, text: 'Normal call clearing' } })).toBe(
      'The called party hung up. Q.850 cause 16 (Normal call clearing).',
    );
    expect(describeEnd({ by: 'callee', reason: 'busy', sip: { status: 486, phrase: 'Busy Here' } })).toBe(
      'The called party is busy or declined. SIP 486 Busy Here.',
    );
    expect(
      describeEnd({ by: 'callee', reason: 'rejected', sip: { status: 403, phrase: '' }, q850: { cause: 21 } }),
    ).toBe('The called side refused the call with another final status. SIP 403; Q.850 cause 21.');
  });

  test('a Reason header that is not Q.850 is shown as it came', () => {
    expect(
      describeEnd({ by: 'caller', reason: 'cancelled', reasonHeader: 'SIP;cause=200;text="Call completed elsewhere"' }),
    ).toBe('The caller gave up before the answer. Reason: SIP;cause=200;text="Call completed elsewhere".');
  });

  test('every reason gives one sentence without a stray bracket', () => {
    for (const reason of Object.keys(endReasons) as EndReason[])
      for (const by of ['caller', 'callee', 'tandem', 'nobody'] as const)
        expect(describeEnd({ by, reason })).toMatch(/^[A-Z][^()]*\.$/);
  });

  test('what the parties chose is not a failure; what they did not choose is', () => {
    expect([...partiesOwnEnds].sort()).toEqual([
      'answered-elsewhere',
      'busy',
      'cancelled',
      'hangup',
      'no-answer',
      'tested',
    ]);
  });
});
