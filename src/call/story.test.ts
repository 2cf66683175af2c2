import { expect, test } from 'vitest';
import type { AttemptRecord } from '#cdr';
import type { Trunk } from '#policy/configuration';
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

test('by what it was decided goes along, over a restart too; of a call by a trunk there is nothing to tell', () => {
  const leg = { trunk: 'pbx', remote: 'udp 10.0.0.2:5060', callId: 'one', localTag: 'a', remoteTag: 'b' };
  const story = new Story({ id: '1', leg, caller: '1', calledUser: '2', startedAt: 0 });
  const usages = ['near', 'far'];
  story.routed({ route: 'out', decisions: [], basis: { user: 'ann', site: 'x', policy: 'p', usages, usage: 'near' } });
  const basis = { user: 'ann', site: 'x', policy: 'p', usage: 'near' };
  expect(story.facts()).toMatchObject({ route: 'out', basis });
  const next = Story.restored(story.facts(), []);
  next.ended({ by: 'nobody', reason: 'restarted' }, { mono: 0, wall: 0 });
  expect(next.record()).toMatchObject({ route: 'out', basis });
  next.routed({ route: 'out', decisions: [], basis: { dialPlan: 'global', usages } });
  expect(next.record()).not.toHaveProperty('basis');
});

test('of a call that a process took up from another, the try by which it was answered has not failed', () => {
  const leg = { trunk: 'pbx', remote: 'udp 10.0.0.2:5060', callId: 'one', localTag: 'a', remoteTag: 'b' };
  const facts = new Story({ id: '1', leg, caller: '1', calledUser: '2', startedAt: 0 }).facts();
  const attempt = (endedAt: number): AttemptRecord => ({
    ...{ leg, caller: '1', called: '2', startedAt: 0, endedAt },
    end: { by: 'nobody', reason: 'hangup' },
  });
  const told = (...attempts: AttemptRecord[]) =>
    Story.restored(facts, attempts).inspect({ name: 'pbx' } as Trunk, undefined, undefined, undefined);
  expect(told(attempt(0))).not.toHaveProperty('failed');
  expect(told(attempt(7), attempt(0))).toMatchObject({ failed: 1 });
});
