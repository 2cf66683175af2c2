import { expect, test } from 'vitest';
import { Story } from './story.ts';

test('what comes again and again is noted once, what is decided each time', () => {
  const leg = { trunk: 'pbx', remote: 'udp 10.0.0.2:5060', callId: 'one', localTag: 'a', remoteTag: 'b' };
  const story = new Story({ id: '1', leg, caller: '1', calledUser: '2', startedAt: 0 });
  story.noted('trunk pbx, rule x', 'INVITE from it: removed Subject');
  story.noted('trunk pbx, rule x', 'BYE from it: removed Subject');
  story.decide('trunk itsp', 'skipped');
  story.decide('trunk itsp', 'skipped');
  expect(story.facts().decisions).toEqual([
    { rule: 'trunk pbx, rule x', outcome: 'INVITE from it: removed Subject' },
    { rule: 'trunk itsp', outcome: 'skipped' },
    { rule: 'trunk itsp', outcome: 'skipped' },
  ]);
});
