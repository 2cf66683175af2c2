import type { CallRecord, LegIdentifiers } from '#cdr';
import type { PeerReport, StreamCounters, StreamSideCounters } from '#codec/media-control';
import type { MediaEnd, QualityMetrics, QualityReport } from '#codec/quality-report';
import { escapeUser } from '#codec/sip-message';
import { bracketed, type HostPort, type Octets } from '#kernel';

/** One of our legs, as its report names it. */
export interface ReportedLeg {
  readonly ids: Pick<LegIdentifiers, 'trunk' | 'callId' | 'localTag' | 'remoteTag'>;
  readonly side: 'a' | 'b';
  /** User parts: who calls, who is called. */
  readonly caller: Octets;
  readonly called: Octets;
  /** Unix ms. */
  readonly start: number;
  readonly stop: number;
}

/** What was measured on one leg: of the first stream of voice. Undefined: nothing was. */
export function measuredOn(streams: readonly StreamCounters[] | undefined, side: 'a' | 'b'): Measured | undefined {
  const stream = streams?.find(({ media }) => media === 'audio');
  if (!stream) return undefined;
  const from = stream[side];
  const to = stream[side === 'a' ? 'b' : 'a'];
  return from.packets + to.packets === 0 ? undefined : { from, to };
}

/** What came from the peer of a leg, and from the other side: what went to it. */
export interface Measured {
  readonly from: StreamSideCounters;
  readonly to: StreamSideCounters;
}

/** The legs of a call that was answered, and has ended. */
export function legsOf(record: CallRecord): ReportedLeg[] {
  const { answeredAt, endedAt, leg, caller, called, attempts } = record;
  if (answeredAt === undefined) return [];
  const times = { start: answeredAt, stop: endedAt };
  const answered = attempts.find((attempt) => attempt.answeredAt !== undefined);
  return [
    { ids: leg, side: 'a', caller, called, ...times },
    ...(answered
      ? [{ ids: answered.leg, side: 'b' as const, caller: answered.caller, called: answered.called, ...times }]
      : []),
  ];
}

/** Our report on a leg (RFC 6035 4.6): what came to us from its peer, and what the peer told of what went to it. */
export function reportOn(
  leg: ReportedLeg,
  { from, to }: Measured,
  what: Pick<QualityReport, 'kind' | 'ends' | 'alert'>,
  before?: Measured,
): QualityReport {
  const { ids, side, caller, called, start, stop } = leg;
  const times = { start, stop };
  const here = from.local?.host ?? 'invalid';
  const there = from.source?.host ?? here;
  const callerId = addressOf(caller, side === 'a' ? there : here);
  const calledId = addressOf(called, side === 'a' ? here : there);
  const remote = from.report && toldBy(from.report, to);
  return {
    ...what,
    callId: ids.callId,
    localId: side === 'a' ? calledId : callerId,
    remoteId: side === 'a' ? callerId : calledId,
    origId: callerId,
    ...(from.local && { localAddr: endOf(from.local, to.ssrc) }),
    ...(from.source && { remoteAddr: endOf(from.source, from.ssrc) }),
    localGroup: 'tandem',
    remoteGroup: ids.trunk,
    local: { ...times, ...received(from, before?.from) },
    ...(remote && { remote: { ...times, ...remote } }),
    // Tags as in the requests of who began the dialog: on the leg of who called us that is he.
    dialog:
      side === 'a'
        ? { callId: ids.callId, toTag: ids.localTag, fromTag: ids.remoteTag }
        : { callId: ids.callId, toTag: ids.remoteTag, fromTag: ids.localTag },
  };
}

/** `before`: what had come until the report before. */
export function received(counters: StreamSideCounters, before?: StreamSideCounters): QualityMetrics {
  const { payloadType, jitterMs, report } = counters;
  const packets = counters.packets - (before?.packets ?? 0);
  const lost = Math.max(0, counters.lost - (before?.lost ?? 0));
  return {
    ...(payloadType >= 0 && { payloadType }),
    ...(packets + lost > 0 && { lossPercent: (100 * lost) / (packets + lost) }),
    ...(packets > 0 && jitterMs !== undefined && { jitterMs }),
    ...(report?.roundTripMs !== undefined && report.roundTripMs > 0 && { roundTripMs: report.roundTripMs }),
  };
}

/** What the peer said last of what went to it; what it measured itself comes before what follows from its counts. */
function toldBy({ lost, jitterMs, roundTripMs, voip }: PeerReport, sent: StreamSideCounters): QualityMetrics {
  const went = sent.packets - sent.dropped;
  return {
    ...(went > 0 && { lossPercent: Math.min(100, (100 * Math.max(0, lost)) / went) }),
    ...(jitterMs !== undefined && { jitterMs }),
    ...(roundTripMs !== undefined && roundTripMs > 0 && { roundTripMs }),
    ...(voip && {
      lossPercent: voip.lossRate * 100,
      discardPercent: voip.discardRate * 100,
      burstLossPercent: voip.burstDensity * 100,
      burstMs: voip.burstMs,
      gapLossPercent: voip.gapDensity * 100,
      gapMs: voip.gapMs,
      ...(voip.roundTripMs !== undefined && { roundTripMs: voip.roundTripMs }),
      ...(voip.endSystemMs !== undefined && { endSystemMs: voip.endSystemMs }),
      ...(voip.rFactor !== undefined && { rConversational: voip.rFactor }),
      ...(voip.mosListening !== undefined && { mosListening: voip.mosListening }),
      ...(voip.mosConversational !== undefined && { mosConversational: voip.mosConversational }),
    }),
  };
}

function addressOf(user: Octets, host: string): Octets {
  return `<sip:${user === '' ? '' : `${escapeUser(user)}@`}${bracketed(host)}>`;
}

function endOf({ host, port }: HostPort, ssrc: number | undefined): MediaEnd {
  return { host, port, ...(ssrc !== undefined && { ssrc }) };
}
