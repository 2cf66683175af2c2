import type { CallRecord } from '#cdr';
import type { StreamSideCounters } from '#codec/media-control';
import type { PartyReport } from './messages.ts';
import { type CallPlan, otherEnd } from './plan.ts';

/** By how much two clocks' readings of one moment may differ here: one machine, but a busy one. Ms. */
const soon = 1_000;
/** Packets that may be under way, or sent to nobody, when a call begins and ends. */
const underWay = 25;
/** Ms of one packet. */
const packetTime = 20;

/** All that is known of a call that is over. */
export interface Evidence {
  readonly plan: CallPlan;
  readonly caller: PartyReport | undefined;
  readonly callee: PartyReport | undefined;
  /** The program's own. */
  readonly record: CallRecord | undefined;
}

/** What went wrong with the call, and what its record says that is not so. Empty: all is well. */
export function faults(evidence: Evidence): readonly string[] {
  const found = partyFaults(evidence);
  const { record } = evidence;
  if (record === undefined) return [...found, 'there is no record of it'];
  return [...found, ...recordFaults(evidence, record)];
}

function partyFaults({ plan, caller, callee }: Evidence): string[] {
  const found: string[] = [];
  for (const [role, party] of [
    ['caller', caller],
    ['callee', callee],
  ] as const) {
    if (party === undefined) {
      found.push(`the ${role} knows nothing of it`);
      continue;
    }
    for (const trouble of party.troubles) found.push(`the ${role}: ${trouble}`);
    if (party.answeredAt === undefined) {
      found.push(`the ${role} saw no answer${party.end ? ` (${party.end.status} ${party.end.reason})` : ''}`);
      continue;
    }
    const end = plan.hangsUp === role ? 'us' : 'peer';
    if (party.end === undefined) found.push(`the ${role} saw no end`);
    else if (party.end.by !== end) found.push(`the ${role} saw it ended by ${party.end.by}, not ${end}`);
    else if (party.end.status !== 200) found.push(`the ${role}'s BYE got ${party.end.status} ${party.end.reason}`);
    // One that held the other hears nothing meanwhile.
    const silent = plan.hold?.by === role ? plan.hold.forMs : 0;
    if (!party.heard) found.push(`the ${role} did not hear the other`);
    else if (party.heardMs < (plan.talkMs - silent) / 2)
      found.push(`the ${role} heard the other for ${Math.round(party.heardMs)} ms only`);
  }
  return found;
}

function recordFaults({ plan, caller, callee }: Evidence, record: CallRecord): string[] {
  const found: string[] = [];
  const same = (what: string, said: unknown, is: unknown) => {
    if (said !== is) found.push(`its record says ${what} ${said}, not ${is}`);
  };
  const near = (what: string, said: number | undefined, is: number | undefined) => {
    if (is === undefined) return;
    if (said === undefined) found.push(`its record has no ${what}`);
    else if (Math.abs(said - is) > soon) found.push(`its record's ${what} is ${Math.round(said - is)} ms off`);
  };
  same('caller', record.caller, plan.caller);
  same('called', record.called, plan.called);
  same('trunk', record.leg.trunk, plan.from);
  same('route', record.route, plan.from === 'pbx' ? 'outbound' : 'inbound');
  same('Call-ID', record.leg.callId, caller?.callId);
  same('ended by', record.end.by, plan.hangsUp);
  same('end reason', record.end.reason, 'hangup');

  same('attempts', record.attempts.length, plan.detour ? 2 : 1);
  const last = record.attempts.at(-1);
  same('last trunk', last?.leg.trunk, plan.detour ? 'itsp-backup' : otherEnd(plan.from));
  same("callee's Call-ID", last?.leg.callId, callee?.callId);
  same('number sent', last?.called, plan.called);
  if (plan.detour) same('first refusal', record.attempts[0]?.end.sip?.status, 503);

  startFaults(found, record, caller);
  near('ringing', record.ringingAt, caller?.ringingAt);
  near('answer', record.answeredAt, caller?.answeredAt);
  near('end', record.endedAt, caller?.endedAt);
  if (caller?.answeredAt !== undefined && caller.endedAt !== undefined)
    near('talk time', record.talkMs, caller.endedAt - caller.answeredAt);

  const audio = record.media?.[0];
  if (audio === undefined || record.media?.length !== 1) found.push('its record does not tell of one audio stream');
  else {
    // What the callee says before its answer has come across goes nowhere.
    const talked =
      caller?.answeredAt !== undefined && caller.endedAt !== undefined
        ? caller.endedAt - caller.answeredAt
        : Number.POSITIVE_INFINITY;
    mediaFaults(found, 'caller', audio.a, caller, talked);
    mediaFaults(found, 'callee', audio.b, callee, talked);
  }
  return found;
}

/** The INVITE may have been lost at first, and come again: the record begins when it came, before it rang. */
function startFaults(found: string[], { startedAt }: CallRecord, caller: PartyReport | undefined): void {
  const { startedAt: earliest = startedAt, ringingAt: latest = startedAt } = caller ?? {};
  if (startedAt < earliest - soon || startedAt > latest + soon)
    found.push(`its record's start is ${Math.round(startedAt - earliest)} ms off`);
}

/** The relay's count of what a party sent, against the party's own, in the ms that they talked. */
function mediaFaults(
  found: string[],
  role: string,
  counted: StreamSideCounters,
  party: PartyReport | undefined,
  talked: number,
): void {
  if (party === undefined) return;
  const { sent } = party;
  const due = Math.min(sent, talked / packetTime) - underWay;
  if (counted.packets > sent || counted.packets + Math.max(0, counted.lost) < due)
    found.push(`its record counts ${counted.packets} packets of the ${role}'s ${sent}`);
  const type = party.law === 'PCMU' ? 0 : 8;
  if (counted.payloadType !== type)
    found.push(`its record says payload type ${counted.payloadType} of the ${role}, not ${type}`);
}
