import type { CallRecord, EndReason } from '#engine/ports';
import type { Fault, Mix } from '../mix.ts';
import type { History } from '../peer/line.ts';
import { Violation } from './safety.ts';

/** One durable record a call, and what the parties saw is in it. `calls`: every id the engine ever kept. */
export function checkTruth(
  durable: ReadonlyMap<string, CallRecord>,
  calls: ReadonlySet<string>,
  histories: readonly History[],
  mix: Mix,
): void {
  for (const call of calls) if (!durable.has(call)) throw new Violation(`no record of ${call}`);
  // A forger may have had the same Call-ID called again.
  const byCallId = Map.groupBy(durable.values(), ({ leg }) => leg.callId);
  const attempted = new Set([...durable.values()].flatMap(({ attempts }) => attempts.map(({ leg }) => leg.callId)));
  // Where a forger may send an INVITE first, the peer's own is taken for a copy of it.
  const forged = mix.faults.has('hostile');
  for (const { role, callId, taken, ever, number } of histories) {
    const records = byCallId.get(callId) ?? [];
    if (role === 'caller' && taken && !forged && records.length === 0)
      throw new Violation(`${number} was taken and has no record`);
    if (role === 'caller' && ever && !forged && !records.some(({ answeredAt }) => answeredAt !== undefined))
      throw new Violation(`${number} was answered, its record says ${JSON.stringify(records.map(({ end }) => end))}`);
    if (role === 'callee' && !attempted.has(callId))
      throw new Violation(`the INVITE ${callId} to ${number} is in no record`);
  }
  checkReasons(durable, mix);
  checkSilence(durable, mix);
  if (mix.faults.has('clock-jumps')) return;
  for (const { call, startedAt, endedAt, talkMs } of durable.values()) {
    if (endedAt < startedAt || talkMs > endedAt - startedAt + 1)
      throw new Violation(`the times of ${call} contradict each other`);
  }
}

/** Who says nothing for a while is asked, and stays. */
const harmless: readonly Fault[] = ['duplicates', 'clock-jumps', 'slow-store', 'quiet-peers'];
const usual: ReadonlySet<EndReason> = new Set([
  'hangup',
  'cancelled',
  'busy',
  'rejected',
  'no-answer',
  'no-progress',
  'no-capacity',
  'loop',
  'transferred',
  // The 481 to a re-INVITE that crossed a BYE may overtake that.
  'dialog-lost',
]);

/** Rights, links and telephones that are not there refuse too. */
const ofOrganisation: ReadonlySet<EndReason> = new Set([
  'no-route',
  'no-bandwidth',
  'unreachable',
  'tested',
  'bad-request',
]);

/** What keeps a peer that is there from answering, or has it forget a call. */
const deafening: readonly Fault[] = [
  'loss',
  'long-ways',
  'partitions',
  'resets',
  'engine-crashes',
  'peer-crashes',
  'late-timers',
  'unreachable',
  'hostile',
  'handshakes',
  'certificates',
];

/** Peers that say nothing are asked, and have the call: none ends because of it. */
function checkSilence(durable: ReadonlyMap<string, CallRecord>, { faults }: Mix): void {
  if (deafening.some((fault) => faults.has(fault))) return;
  for (const { call, end } of durable.values())
    if (end.reason === 'media-silent') throw new Violation(`both parties were there, and ${call} ended as silent`);
}

/** Where nothing went wrong, calls end as their parties want, or as the configuration says. */
function checkReasons(durable: ReadonlyMap<string, CallRecord>, mix: Mix): void {
  const { faults, ending, named, registered, watched, particular, bypass, organisation } = mix;
  if (ending || [...faults].some((fault) => !harmless.includes(fault))) return;
  // Trunks that are not located or registered yet, or found dead since callees let ring, are passed by.
  const isPassedBy = named.size + registered.size + watched.size > 0;
  for (const { call, end } of durable.values()) {
    // A trunk that wants something else than the caller does, at first at least.
    if (particular && end.reason === 'bad-request' && [420, 421, 422].includes(end.sip?.status ?? 0)) continue;
    // Who refuses each refresh of ours; a refresh that never came is complained of by its peer.
    if (end.reason === 'session-expired') continue;
    // Who passes media by can't join anybody.
    if (bypass && end.reason === 'bad-request' && end.sip?.status === 488) continue;
    if (organisation && ofOrganisation.has(end.reason)) continue;
    if (!usual.has(end.reason) && !(isPassedBy && end.reason === 'unreachable'))
      throw new Violation(`nothing went wrong, and ${call} ended: ${JSON.stringify(end)}`);
  }
}
