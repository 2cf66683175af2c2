import type { StreamSideCounters } from '#codec/media-control';
import { type CallRecord, describeEnd, type EndCause, partiesOwnEnds } from '#engine/ports';
import { csvCell, harmlessJson } from './cdr-text.ts';

type CsvValue = (record: CallRecord) => string | number | undefined;

const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());
const last = (record: CallRecord) => record.attempts.at(-1);
const heard = (record: CallRecord, side: 'a' | 'b'): StreamSideCounters | undefined =>
  (record.media?.find((stream) => stream.media === 'audio') ?? record.media?.[0])?.[side];

/** One line a call; docs/records.md is tested against these names. The last attempt and the first audio stream stand for all. */
export const csvColumns: Readonly<Record<string, CsvValue>> = {
  call: (r) => r.call,
  started_at: (r) => iso(r.startedAt),
  ringing_at: (r) => iso(r.ringingAt),
  answered_at: (r) => iso(r.answeredAt),
  ended_at: (r) => iso(r.endedAt),
  talk_ms: (r) => r.talkMs,
  trunk: (r) => r.leg.trunk,
  remote: (r) => r.leg.remote,
  sip_call_id: (r) => r.leg.callId,
  local_tag: (r) => r.leg.localTag,
  remote_tag: (r) => r.leg.remoteTag,
  caller: (r) => r.caller,
  called: (r) => r.called,
  route: (r) => r.route,
  emergency: (r) => r.emergency,
  user: (r) => r.basis?.user,
  site: (r) => r.basis?.site,
  policy: (r) => r.basis?.policy,
  usage: (r) => r.basis?.usage,
  bypassed: (r) => (r.bypassed ? 1 : undefined),
  captures: (r) => r.captures?.length,
  end_by: (r) => r.end.by,
  end_reason: (r) => r.end.reason,
  end_status: (r) => r.end.sip?.status,
  end_phrase: (r) => r.end.sip?.phrase,
  end_q850: (r) => r.end.q850?.cause,
  end_q850_text: (r) => r.end.q850?.text,
  end_reason_header: (r) => r.end.reasonHeader,
  attempts: (r) => r.attempts.length,
  out_trunk: (r) => last(r)?.leg.trunk,
  out_remote: (r) => last(r)?.leg.remote,
  out_sip_call_id: (r) => last(r)?.leg.callId,
  out_caller: (r) => last(r)?.caller,
  out_called: (r) => last(r)?.called,
  out_end_status: (r) => last(r)?.end.sip?.status,
  caller_packets: (r) => heard(r, 'a')?.packets,
  caller_lost: (r) => heard(r, 'a')?.lost,
  caller_jitter_ms: (r) => heard(r, 'a')?.jitterMs,
  callee_packets: (r) => heard(r, 'b')?.packets,
  callee_lost: (r) => heard(r, 'b')?.lost,
  callee_jitter_ms: (r) => heard(r, 'b')?.jitterMs,
};

const csvValues = Object.values(csvColumns);

/** RFC 4180: lines end with CR LF, the first one names the columns. */
export function* csvLines(records: Iterable<CallRecord>): Generator<string> {
  yield `${Object.keys(csvColumns).join(',')}\r\n`;
  for (const record of records) yield `${csvValues.map((value) => csvCell(value(record))).join(',')}\r\n`;
}

/** What programs read: the record of the file, with times and ends as the API tells them. */
export function recordJson({ end, attempts, captures, ...record }: CallRecord) {
  return {
    ...record,
    ...timesOf(record),
    end: endOf(end),
    attempts: attempts.map((one) => ({ ...one, ...timesOf(one), end: endOf(one.end) })),
    ...(captures && {
      captures: captures.map((one) => ({ ...one, startedAt: iso(one.startedAt), endedAt: iso(one.endedAt) })),
    }),
  };
}

/** In the places where they stood; what has no value stays absent. */
function timesOf({ startedAt, ringingAt, answeredAt, endedAt }: Times) {
  return {
    startedAt: iso(startedAt),
    ...(ringingAt !== undefined && { ringingAt: iso(ringingAt) }),
    ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
    endedAt: iso(endedAt),
  };
}

type Times = Pick<CallRecord, 'startedAt' | 'ringingAt' | 'answeredAt' | 'endedAt'>;

function endOf(cause: EndCause) {
  return { ...cause, text: describeEnd(cause), failure: !partiesOwnEnds.has(cause.reason) };
}

/** One JSON object a line. */
export function* jsonLines(records: Iterable<CallRecord>): Generator<string> {
  for (const record of records) yield `${harmlessJson(recordJson(record))}\n`;
}

/** The same as one JSON array, a record a line. */
export function* jsonArray(records: Iterable<CallRecord>): Generator<string> {
  let before = '[\n';
  for (const record of records) {
    yield before + harmlessJson(recordJson(record));
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** What is written to: a stream of Node's, or a test's. */
export interface Sink {
  write(text: string): boolean;
  once(event: 'drain' | 'error' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'error' | 'close', listener: () => void): unknown;
  readonly destroyed?: boolean;
}

/** Text is gathered to this many characters before it is written. */
const chunk = 64 * 1024;

/** Writes the parts as fast as the reader takes them; ends early, without complaint, when the reader has gone (`| head`). */
export async function pour(parts: Iterable<string>, sink: Sink): Promise<void> {
  let text = '';
  for (const part of parts) {
    text += part;
    if (text.length < chunk) continue;
    if (!sink.write(text)) await drained(sink);
    if (sink.destroyed) return;
    text = '';
  }
  if (text !== '' && !sink.write(text)) await drained(sink);
}

function drained(sink: Sink): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'error', 'close'] as const) sink.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'error', 'close'] as const) sink.once(event, done);
  });
}
