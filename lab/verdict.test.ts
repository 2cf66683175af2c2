import { describe, expect, test } from 'vitest';
import type { CallRecord } from '#cdr';
import type { PartyReport } from './messages.ts';
import { type CallPlan, planCall } from './plan.ts';
import { type Evidence, faults } from './verdict.ts';

const begun = 1_700_000_000_000;

function party(plan: CallPlan, role: 'caller' | 'callee'): PartyReport {
  return {
    number: plan.number,
    role,
    state: 'ended',
    callId: `${role}@lab`,
    law: plan.law,
    startedAt: begun,
    ringingAt: begun + 10,
    answeredAt: begun + 500,
    endedAt: begun + 500 + plan.talkMs,
    setUpMs: 10,
    sent: 300,
    received: 300,
    lost: 0,
    jitterMs: 0.2,
    heard: true,
    heardMs: plan.talkMs - 100,
    end: { by: plan.hangsUp === role ? 'us' : 'peer', status: 200, reason: 'BYE' },
    troubles: [],
  };
}

const side = (plan: CallPlan) => ({
  packets: 300,
  bytes: 51_600,
  lost: 0,
  payloadType: plan.law === 'PCMU' ? 0 : 8,
  rtcpPackets: 0,
  dropped: 0,
});
const leg = (trunk: string, callId: string) => ({
  trunk,
  remote: 'udp 127.0.0.1:1',
  callId,
  localTag: 'a',
  remoteTag: 'b',
});

function evidence(
  plan = planCall(1, 6_000),
): Evidence & { record: CallRecord; caller: PartyReport; callee: PartyReport } {
  const { caller, called } = plan;
  const times = {
    startedAt: begun + 1,
    ringingAt: begun + 9,
    answeredAt: begun + 499,
    endedAt: begun + 500 + plan.talkMs,
  };
  const end = { by: plan.hangsUp, reason: 'hangup' } as const;
  const attempt = { leg: leg(plan.detour ? 'itsp-backup' : 'itsp', 'callee@lab'), caller, called, ...times, end };
  const refused = {
    ...attempt,
    leg: leg('itsp', 'x'),
    end: { by: 'callee', reason: 'rejected', sip: { status: 503, phrase: '' } } as const,
  };
  return {
    plan,
    caller: party(plan, 'caller'),
    callee: party(plan, 'callee'),
    record: {
      call: 'c',
      leg: leg('pbx', 'caller@lab'),
      caller,
      called,
      route: 'outbound',
      decisions: [],
      ...times,
      talkMs: plan.talkMs,
      end,
      attempts: plan.detour ? [refused, attempt] : [attempt],
      media: [{ stream: 0, media: 'audio', a: side(plan), b: side(plan) }],
    },
  };
}

test.each([1, 3, 7])('call %i of the mix, as it should be', (number) => {
  expect(faults(evidence(planCall(number, 6_000)))).toEqual([]);
});

describe('what goes wrong is found', () => {
  test.each<[string, Partial<PartyReport>]>([
    ['did not hear', { heard: false }],
    ['heard the other for 900 ms only', { heardMs: 900 }],
    ['ended by nobody', { end: { by: 'nobody', status: 0, reason: 'timeout' } }],
    ['BYE got 481', { end: { by: 'us', status: 481, reason: 'BYE' } }],
    ['the re-INVITE was refused', { troubles: ['the re-INVITE was refused with 500'] }],
  ])('%s', (what, change) => {
    const good = evidence({ ...planCall(1, 6_000), hangsUp: 'caller' });
    expect(faults({ ...good, caller: { ...good.caller, ...change } })).toEqual([expect.stringContaining(what)]);
  });

  test('never answered, never seen, no record', () => {
    const good = evidence();
    const { answeredAt: _, ...unanswered } = good.caller;
    expect(faults({ ...good, caller: unanswered })[0]).toMatch('the caller saw no answer');
    expect(faults({ ...good, callee: undefined })).toContain('the callee knows nothing of it');
    expect(faults({ ...good, record: undefined })).toEqual(['there is no record of it']);
  });
});

describe('a record that is not true is found', () => {
  const good = evidence();
  const { record } = good;
  const audio = record.media![0]!;
  test.each<[string, Partial<CallRecord>]>([
    ['caller', { caller: '+1' }],
    ['called', { called: '+1' }],
    ['trunk', { leg: { ...record.leg, trunk: 'itsp' } }],
    ['route', { route: 'inbound' }],
    ['Call-ID', { leg: { ...record.leg, callId: 'another' } }],
    ['ended by', { end: { by: 'nobody', reason: 'hangup' } }],
    ['end reason', { end: { by: record.end.by, reason: 'media-lost' } }],
    ['attempts', { attempts: [record.attempts[0]!, record.attempts[0]!] }],
    ["callee's Call-ID", { attempts: [{ ...record.attempts[0]!, leg: leg('itsp', 'another') }] }],
    ['last trunk', { attempts: [{ ...record.attempts[0]!, leg: leg('itsp-backup', 'callee@lab') }] }],
    ['number sent', { attempts: [{ ...record.attempts[0]!, called: '+1' }] }],
    ['start', { startedAt: begun - 1_500 }],
    ['start', { startedAt: begun + 2_000 }],
    ['ringing', { ringingAt: begun + 2_000 }],
    ['answer', { answeredAt: begun + 2_000 }],
    ['end is', { endedAt: begun }],
    ['talk time', { talkMs: 1 }],
    ['one audio stream', { media: [] }],
    ["0 packets of the caller's 300", { media: [{ ...audio, a: { ...audio.a, packets: 0 } }] }],
    ["301 packets of the callee's 300", { media: [{ ...audio, b: { ...audio.b, packets: 301 } }] }],
    ['payload type 3', { media: [{ ...audio, b: { ...audio.b, payloadType: 3 } }] }],
  ])('%s', (what, change) => {
    const found = faults({ ...good, record: { ...record, ...change } });
    expect(found).toEqual([expect.stringContaining(what)]);
  });

  test('a time that is missing', () => {
    const { answeredAt: _, ...unanswered } = record;
    expect(faults({ ...good, record: unanswered })).toEqual(['its record has no answer']);
  });

  test('packets that the relay knows to have lost are accounted for', () => {
    const a = { ...audio.a, packets: 200, lost: 100 };
    expect(faults({ ...good, record: { ...record, media: [{ ...audio, a }] } })).toEqual([]);
  });

  test('an INVITE that was lost at first', () => {
    const caller = { ...good.caller, startedAt: begun - 2_000 };
    expect(faults({ ...good, caller })).toEqual([]);
  });

  test('a hunt that tells nothing of the first refusal', () => {
    const hunted = evidence(planCall(7, 6_000));
    const [, last] = hunted.record.attempts;
    const attempts = [{ ...last!, leg: leg('itsp', 'x') }, last!];
    expect(faults({ ...hunted, record: { ...hunted.record, attempts } })).toEqual([
      expect.stringContaining('first refusal'),
    ]);
  });
});
