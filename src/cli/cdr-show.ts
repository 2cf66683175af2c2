import type { PeerReport, StreamCounters, StreamSideCounters } from '#codec/media-control';
import { type AttemptRecord, type CallRecord, describeEnd, type LegIdentifiers } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { duration, exactTime, harmless } from './cdr-text.ts';
import { courseLines, type ToldQuality, toldLines } from './quality-text.ts';
import { type Paint, traceLines } from './trace-text.ts';

/** All of a record, for people: what happened, when, over which legs, why there, and what was heard. */
export function recordText(record: CallRecord, told: readonly ToldQuality[] = []): string {
  const lines: string[] = [];
  const add = (label: string, value: string, indent = 2) =>
    lines.push(`${' '.repeat(indent)}${label.padEnd(12 - indent + 2)}${harmless(value)}`);
  const after = (at: number) => `${exactTime(at)}, after ${duration(Math.max(0, at - record.startedAt))}`;

  lines.push(`Call ${harmless(record.call)}`, `  ${harmless(describeEnd(record.end))}`, '');
  add('From', `${record.caller} on trunk ${record.leg.trunk}`);
  add('To', `${record.called}${carriedBy(record)}`);
  add('Began', exactTime(record.startedAt));
  if (record.ringingAt !== undefined) add('Rang', after(record.ringingAt));
  if (record.answeredAt !== undefined) add('Answered', after(record.answeredAt));
  add('Ended', `${after(record.endedAt)}, by ${record.end.by}: ${record.end.reason}`);
  add('Talked', record.answeredAt === undefined ? 'never answered' : duration(record.talkMs));
  add('Route', record.route ?? 'none matched');
  const { user, site, policy, usage } = record.basis ?? {};
  if (user !== undefined) add('User', user);
  if (site !== undefined) add('Site', site);
  if (policy !== undefined) add('Policy', usage === undefined ? policy : `${policy}, usage ${usage}`);
  if (record.emergency !== undefined) add('Emergency', record.emergency);
  addLeg(add, record.leg, 2);
  if (record.end.reasonHeader !== undefined) add('Reason', record.end.reasonHeader);

  lines.push('', 'Decisions', ...traceLines(record.decisions));

  lines.push('', 'Attempts');
  if (record.attempts.length === 0) lines.push('  none');
  for (const [n, attempt] of record.attempts.entries()) {
    lines.push(`  ${n + 1}. trunk ${harmless(attempt.leg.trunk)}: ${harmless(describeEnd(attempt.end))}`);
    addAttempt(add, record, attempt);
  }

  lines.push('', 'Media');
  if (record.bypassed)
    lines.push(`  bypassed${record.media ? ' until it was led through us' : ', quality not measured'}`);
  else if (record.media === undefined) lines.push('  not measured: never answered, or the media process was lost');
  if (record.media?.length === 0) lines.push('  no streams');
  for (const stream of record.media ?? []) lines.push(...streamLines(stream));
  if (told.length > 0) lines.push('', 'Told by its ends', ...toldLines(told).map(harmless));
  for (const { name, by, reason, startedAt, why, packets = 0, keys, continues } of record.captures ?? []) {
    const what = `${packets} packets${keys ? ', with keys' : ''}${why === 'failed' ? ', failed' : ''}${continues === undefined ? '' : `, goes on from ${continues}`}`;
    lines.push(harmless(`  copied for ${by} at ${exactTime(startedAt)}: ${reason} (${name}, ${what})`));
  }
  return `${lines.join('\n')}\n`;
}

/** Why a call went where it went, and ended as it did: the decision trace and the end. */
export function traceText(record: CallRecord, paint: Paint): string {
  const where = `From ${record.caller} on trunk ${record.leg.trunk} to ${record.called}, ${exactTime(record.startedAt)}`;
  const lines = [
    `Call ${harmless(record.call)}`,
    `  ${harmless(where)}`,
    '',
    ...traceLines(record.decisions, paint),
    '',
  ];
  const heard = (record.media ?? []).flatMap(streamLines);
  return `${[...lines, harmless(describeEnd(record.end)), ...(heard.length > 0 ? ['', ...heard] : [])].join('\n')}\n`;
}

type Add = (label: string, value: string, indent?: number) => void;

function carriedBy({ answeredAt, attempts }: CallRecord): string {
  const last = attempts.at(-1);
  if (last === undefined) return '';
  return answeredAt === undefined ? `, last tried on trunk ${last.leg.trunk}` : ` on trunk ${last.leg.trunk}`;
}

function addAttempt(add: Add, call: CallRecord, attempt: AttemptRecord): void {
  const since = (at: number) => `after ${duration(Math.max(0, at - attempt.startedAt))}`;
  const times = [
    `began ${duration(Math.max(0, attempt.startedAt - call.startedAt))} into the call`,
    ...(attempt.ringingAt === undefined ? [] : [`rang ${since(attempt.ringingAt)}`]),
    ...(attempt.answeredAt === undefined ? [] : [`answered ${since(attempt.answeredAt)}`]),
    `ended ${since(attempt.endedAt)}`,
  ];
  add('Sent', `${attempt.caller} to ${attempt.called}`, 5);
  add('Times', times.join(', '), 5);
  addLeg(add, attempt.leg, 5);
  if (attempt.end.reasonHeader !== undefined) add('Reason', attempt.end.reasonHeader, 5);
}

function addLeg(add: Add, leg: LegIdentifiers, indent: number): void {
  add('Peer', leg.remote, indent);
  add('Call-ID', leg.callId, indent);
  add('Tags', `ours ${leg.localTag || 'none'}, theirs ${leg.remoteTag || 'none'}`, indent);
}

export function streamLines(counters: StreamCounters): string[] {
  const { stream, media, a, b } = counters;
  return [
    `  ${harmless(media)} ${stream}, from the caller:     ${sideText(a)}`,
    `  ${harmless(media)} ${stream}, from the called one: ${sideText(b)}`,
    ...courseLines(counters),
  ];
}

function sideText(side: StreamSideCounters): string {
  if (side.packets === 0) return `nothing came${side.dropped > 0 ? `, ${count(side.dropped, 'packet')} refused` : ''}`;
  // A fax by UDPTL has no payload types, no clock and no RTCP.
  const isRtp = side.payloadType >= 0;
  const facts = [
    count(side.packets, 'packet'),
    bytes(side.bytes),
    `${count(side.lost, 'packet')} lost (${lossPercent(side)})`,
    ...(side.jitterMs !== undefined ? [`jitter ${side.jitterMs.toFixed(1)} ms`] : isRtp ? ['jitter unknown'] : []),
    ...(isRtp ? [codec(side.payloadType), count(side.rtcpPackets, 'RTCP packet')] : []),
    ...(side.dropped > 0 ? [`${count(side.dropped, 'packet')} refused`] : []),
    ...(side.source ? [`source ${formatHostPort(side.source)}`] : []),
    ...(side.report ? [`hears ${reportText(side.report)}`] : []),
  ];
  return facts.join(', ');
}

/** What a side says itself of what comes to it. */
function reportText({ lost, jitterMs, roundTripMs, voip }: PeerReport): string {
  return [
    `${count(lost, 'packet')} less`,
    ...(jitterMs === undefined ? [] : [`jitter ${jitterMs.toFixed(1)} ms`]),
    ...(roundTripMs === undefined ? [] : [`${roundTripMs.toFixed(0)} ms there and back`]),
    ...(voip?.mosListening === undefined ? [] : [`MOS ${voip.mosListening.toFixed(1)} as it reckons`]),
  ].join(', ');
}

/** Of what was expected (RFC 3550 A.3): received and lost together. */
export function lossPercent({ packets, lost }: Pick<StreamSideCounters, 'packets' | 'lost'>): string {
  const expected = packets + lost;
  return expected <= 0 || lost <= 0
    ? '0.0 %'
    : `${((lost / expected) * 100).toFixed(lost / expected < 0.001 ? 3 : 1)} %`;
}

/** The static audio types in use (RFC 3551 6); others are numbers that the offer gave a meaning to. */
const staticTypes: Readonly<Record<number, string>> = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  8: 'PCMA',
  9: 'G722',
  18: 'G729',
};

function codec(payloadType: number): string {
  const name = staticTypes[payloadType];
  return name === undefined ? `payload type ${payloadType}` : `${name} (payload type ${payloadType})`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function bytes(n: number): string {
  if (n < 1000) return `${n} bytes`;
  return n < 1_000_000 ? `${(n / 1000).toFixed(1)} kB` : `${(n / 1_000_000).toFixed(1)} MB`;
}
