import type { PeerReport, StreamCounters, StreamCourse, StreamSideCounters } from '#codec/media-control';
import type { AttemptRecord, CallRecord, EndCause, LegIdentifiers } from '#engine/ports';

/*
 * A record as table rows: arrays of cells in the order of these columns, which is also how it travels to the store's
 * thread. Arrays, since the names of 60 fields would otherwise be written and read again with every record.
 */
const endColumns = [
  'end_by',
  'end_reason',
  'end_status',
  'end_phrase',
  'end_q850',
  'end_q850_text',
  'end_reason_header',
] as const;
const legColumns = ['trunk', 'remote', 'sip_call_id', 'local_tag', 'remote_tag'] as const;

export const callColumns = [
  'call',
  'started_at',
  'ringing_at',
  'answered_at',
  'ended_at',
  ...legColumns,
  'caller',
  'called',
  ...endColumns,
  'talk_ms',
  'route',
  'emergency',
  'user',
  'site',
  'policy',
  'usage',
  'media_streams',
  'bypassed',
  'captures',
  'decisions',
] as const;

/** After `calls_id` and `attempt`. */
export const attemptColumns = [
  'started_at',
  'ringing_at',
  'answered_at',
  'ended_at',
  ...legColumns,
  'caller',
  'called',
  ...endColumns,
] as const;

/** After `calls_id`. */
export const mediaColumns = [
  'stream',
  'part',
  'side',
  'media',
  'packets',
  'bytes',
  'lost',
  'jitter_ms',
  'payload_type',
  'rtcp_packets',
  'dropped',
  'source_host',
  'source_port',
  'report',
  'course_at',
  'course_step_ms',
  'course',
] as const;

export type Cell = string | number | null;
export type Cells = readonly Cell[];
/** One call: its own row, a row an attempt, a row a side of each stream. */
export type Rows = readonly [call: Cells, attempts: readonly Cells[], media: readonly Cells[]];

export function toRows(record: CallRecord): Rows {
  const { leg, end } = record;
  return [
    [
      record.call,
      Math.round(record.startedAt),
      whole(record.ringingAt),
      whole(record.answeredAt),
      Math.round(record.endedAt),
      leg.trunk,
      leg.remote,
      leg.callId,
      leg.localTag,
      leg.remoteTag,
      record.caller,
      record.called,
      end.by,
      end.reason,
      end.sip ? end.sip.status : null,
      end.sip ? end.sip.phrase : null,
      end.q850 ? end.q850.cause : null,
      end.q850?.text ?? null,
      end.reasonHeader ?? null,
      Math.round(record.talkMs),
      record.route ?? null,
      record.emergency ?? null,
      record.basis?.user ?? null,
      record.basis?.site ?? null,
      record.basis?.policy ?? null,
      record.basis?.usage ?? null,
      record.media ? record.media.length : null,
      record.bypassed ? 1 : null,
      record.captures ? JSON.stringify(record.captures) : null,
      JSON.stringify(record.decisions),
    ],
    record.attempts.map(attemptCells),
    record.media ? mediaCells(record.media, record.endedAt) : [],
  ];
}

function attemptCells({ leg, end, ...attempt }: AttemptRecord): Cells {
  return [
    Math.round(attempt.startedAt),
    whole(attempt.ringingAt),
    whole(attempt.answeredAt),
    Math.round(attempt.endedAt),
    leg.trunk,
    leg.remote,
    leg.callId,
    leg.localTag,
    leg.remoteTag,
    attempt.caller,
    attempt.called,
    end.by,
    end.reason,
    end.sip ? end.sip.status : null,
    end.sip ? end.sip.phrase : null,
    end.q850 ? end.q850.cause : null,
    end.q850?.text ?? null,
    end.reasonHeader ?? null,
  ];
}

function mediaCells(streams: readonly StreamCounters[], endedAt: number): Cells[] {
  return streams.flatMap(({ stream, media, a, b, course }, at) => {
    let part = 0;
    for (let i = 0; i < at; i++) if (streams[i]!.stream === stream) part++;
    const [began, step] = course ? [Math.round(endedAt - course.agoMs), course.stepMs] : [null, null];
    return [
      [...sideCells(stream, part, 'caller', media, a), began, step, course?.a ?? null],
      [...sideCells(stream, part, 'callee', media, b), began, step, course?.b ?? null],
    ];
  });
}

function sideCells(stream: number, part: number, side: string, media: string, counters: StreamSideCounters): Cells {
  return [
    stream,
    part,
    side,
    media,
    counters.packets,
    counters.bytes,
    counters.lost,
    counters.jitterMs === undefined ? null : Math.round(counters.jitterMs * 1000) / 1000,
    counters.payloadType,
    counters.rtcpPackets,
    counters.dropped,
    counters.source?.host ?? null,
    counters.source?.port ?? null,
    counters.report ? JSON.stringify(counters.report, rounded) : null,
  ];
}

/** More digits than that were not measured. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}

function whole(time: number | undefined): number | null {
  return time === undefined ? null : Math.round(time);
}

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, Cell>>;

/** The record that the rows of one call stand for. */
export function toRecord(row: Row, attempts: readonly Row[], media: readonly Row[]): CallRecord {
  return {
    call: row.call as string,
    leg: toLeg(row),
    caller: row.caller as string,
    called: row.called as string,
    ...(row.route === null ? {} : { route: row.route as string }),
    ...((row.emergency ?? null) === null ? {} : { emergency: row.emergency as string }),
    ...toBasis(row),
    ...(row.bypassed === 1 ? { bypassed: true as const } : {}),
    ...((row.captures ?? null) === null ? {} : { captures: JSON.parse(row.captures as string) }),
    decisions: JSON.parse(row.decisions as string),
    ...toTimes(row),
    talkMs: row.talk_ms as number,
    end: toEnd(row),
    attempts: attempts.map((attempt) => ({
      leg: toLeg(attempt),
      caller: attempt.caller as string,
      called: attempt.called as string,
      ...toTimes(attempt),
      end: toEnd(attempt),
    })),
    ...(row.media_streams === null ? {} : { media: toStreams(media, row.ended_at as number) }),
  };
}

/** Columns that a file of an older version, which is read as it is, does not have. */
function toBasis(row: Row): Pick<CallRecord, 'basis'> {
  const known = (['user', 'site', 'policy', 'usage'] as const).flatMap((name) => {
    const value = row[name] ?? null;
    return value === null ? [] : [[name, value] as const];
  });
  return known.length === 0 ? {} : { basis: Object.fromEntries(known) };
}

function toLeg(row: Row): LegIdentifiers {
  return {
    trunk: row.trunk as string,
    remote: row.remote as string,
    callId: row.sip_call_id as string,
    localTag: row.local_tag as string,
    remoteTag: row.remote_tag as string,
  };
}

function toTimes(row: Row): Pick<AttemptRecord, 'startedAt' | 'ringingAt' | 'answeredAt' | 'endedAt'> {
  return {
    startedAt: row.started_at as number,
    ...(row.ringing_at === null ? {} : { ringingAt: row.ringing_at as number }),
    ...(row.answered_at === null ? {} : { answeredAt: row.answered_at as number }),
    endedAt: row.ended_at as number,
  };
}

function toEnd(row: Row): EndCause {
  return {
    by: row.end_by as EndCause['by'],
    reason: row.end_reason as EndCause['reason'],
    ...(row.end_status === null
      ? {}
      : { sip: { status: row.end_status as number, phrase: (row.end_phrase ?? '') as string } }),
    ...(row.end_q850 === null
      ? {}
      : {
          q850: {
            cause: row.end_q850 as number,
            ...(row.end_q850_text === null ? {} : { text: row.end_q850_text as string }),
          },
        }),
    ...(row.end_reason_header === null ? {} : { reasonHeader: row.end_reason_header as string }),
  };
}

function toStreams(rows: readonly Row[], endedAt: number): StreamCounters[] {
  const streams: StreamCounters[] = [];
  // In the order of the key: the callee's side of a stream comes before the caller's.
  for (let i = 0; i + 1 < rows.length; i += 2) {
    const [callee, caller] = [rows[i]!, rows[i + 1]!];
    const { stream, media } = caller;
    const course = toCourse(caller, callee, endedAt);
    streams.push({
      stream: stream as number,
      media: media as string,
      a: toSide(caller),
      b: toSide(callee),
      ...(course && { course }),
    });
  }
  return streams;
}

/** Of a file that is older than it, there is none. */
function toCourse(caller: Row, callee: Row, endedAt: number): StreamCourse | undefined {
  const { course, course_at: at, course_step_ms: step } = caller;
  if (typeof course !== 'string' || typeof callee.course !== 'string') return undefined;
  return { stepMs: step as number, agoMs: endedAt - (at as number), a: course, b: callee.course };
}

function toSide(row: Row): StreamSideCounters {
  return {
    packets: row.packets as number,
    bytes: row.bytes as number,
    lost: row.lost as number,
    ...(row.jitter_ms === null ? {} : { jitterMs: row.jitter_ms as number }),
    payloadType: row.payload_type as number,
    rtcpPackets: row.rtcp_packets as number,
    dropped: row.dropped as number,
    ...(row.source_host === null
      ? {}
      : { source: { host: row.source_host as string, port: row.source_port as number } }),
    ...(row.report === null || row.report === undefined
      ? {}
      : { report: JSON.parse(row.report as string) as PeerReport }),
  };
}
