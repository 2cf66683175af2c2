import { type AttemptRecord, type CallRecord, describeEnd, type EndCause, partiesOwnEnds } from '#engine/ports';

/** An attribute of OTLP in JSON (opentelemetry-proto, common.proto): numbers of 64 bits are texts there. */
export interface Attribute {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly intValue: string }
    | { readonly doubleValue: number }
    | { readonly boolValue: boolean };
}

/** A span of OTLP in JSON (trace.proto): ids in hex, times in nanoseconds as text. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2 SERVER, 3 CLIENT. */
  readonly kind: 2 | 3;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly {
    readonly timeUnixNano: string;
    readonly name: string;
    readonly attributes: readonly Attribute[];
  }[];
  /** 1 OK, 2 ERROR. */
  readonly status: { readonly code: 1 | 2; readonly message?: string };
}

/** Octets of ids, in hex digits. */
const traceDigits = 32;
const spanDigits = 16;
/** Attempts of one call that have spans; one that forks over more is an attack, or a mistake. */
const mostAttempts = 64;

/**
 * The spans of a call that has ended: one of the call, and below it one of each try. `hash`: hex digits of a text, at least 32; ids come
 * from the call's own, so that whoever knows it finds its trace. `label`: how a trunk is called, or who is none. No numbers of people are in them:
 * `tandem.call` leads to the record.
 */
export function spansOf(
  record: CallRecord,
  hash: (text: string) => string,
  label: (trunk: string) => string,
): readonly Span[] {
  const { call, leg, route, emergency, basis, startedAt, endedAt, talkMs, end, decisions } = record;
  const traceId = traceIdOf(call, hash);
  const spanId = hash(`${call} call`).slice(0, spanDigits);
  const whole: Span = {
    traceId,
    spanId,
    name: 'call',
    kind: 2,
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: [
      text('tandem.call', call),
      ...legAttributes(leg, label),
      ...(route === undefined ? [] : [text('tandem.route', route)]),
      ...(basis?.site === undefined ? [] : [text('tandem.site', basis.site)]),
      ...(emergency === undefined ? [] : [{ key: 'tandem.emergency', value: { boolValue: true } } as const]),
      { key: 'tandem.talk_ms', value: { doubleValue: talkMs } },
      ...endAttributes(end),
    ],
    events: [...moments(record), ...decided(decisions, startedAt)],
    status: statusOf(end),
  };
  const tries = record.attempts.slice(0, mostAttempts).map((attempt, index): Span => {
    const { leg: side, startedAt: from, endedAt: to, end: how } = attempt;
    return {
      traceId,
      spanId: hash(`${call} attempt ${index}`).slice(0, spanDigits),
      parentSpanId: spanId,
      name: `attempt ${label(side.trunk)}`,
      kind: 3,
      startTimeUnixNano: nanoseconds(from),
      endTimeUnixNano: nanoseconds(to),
      attributes: [text('tandem.call', call), ...legAttributes(side, label), ...endAttributes(how)],
      events: moments(attempt),
      status: statusOf(how),
    };
  });
  return [whole, ...tries];
}

/** Under which the trace of a call is found. */
function traceIdOf(call: string, hash: (text: string) => string): string {
  return /^[0-9a-f]{32}$/.test(call) && !/^0+$/.test(call) ? call : hash(call).slice(0, traceDigits);
}

function moments({ ringingAt, answeredAt }: Pick<AttemptRecord, 'ringingAt' | 'answeredAt'>): Span['events'] {
  const at = (name: string, time: number | undefined) =>
    time === undefined ? [] : [{ timeUnixNano: nanoseconds(time), name, attributes: [] }];
  return [...at('ringing', ringingAt), ...at('answered', answeredAt)];
}

/** Not when, but that: what was decided about the call. */
function decided(decisions: CallRecord['decisions'], at: number): Span['events'] {
  return decisions.length === 0
    ? []
    : [{ timeUnixNano: nanoseconds(at), name: 'planned', attributes: [whole('tandem.decisions', decisions.length)] }];
}

function legAttributes({ trunk, remote, callId }: CallRecord['leg'], label: (trunk: string) => string): Attribute[] {
  const [transport = '', peer = ''] = remote.split(' ');
  const colon = peer.lastIndexOf(':');
  return [
    text('tandem.trunk', label(trunk)),
    ...(callId === '' ? [] : [text('sip.call_id', callId)]),
    ...(colon < 0
      ? []
      : [
          // By semantic conventions TLS is none.
          text('network.transport', transport === 'tls' ? 'tcp' : transport),
          text('network.protocol.name', 'sip'),
          text('network.peer.address', peer.slice(0, colon).replace(/[[\]]/g, '')),
          whole('network.peer.port', Number(peer.slice(colon + 1))),
        ]),
  ];
}

function endAttributes({ by, reason, sip, q850 }: EndCause): Attribute[] {
  return [
    text('tandem.end.reason', reason),
    text('tandem.end.by', by),
    ...(sip ? [whole('sip.status', sip.status)] : []),
    ...(q850 ? [whole('q850.cause', q850.cause)] : []),
  ];
}

function statusOf(end: EndCause): Span['status'] {
  const isGood = partiesOwnEnds.has(end.reason) || end.reason === 'transferred' || end.reason === 'operator';
  return isGood ? { code: 1 } : { code: 2, message: describeEnd(end) };
}

function text(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

function whole(key: string, value: number): Attribute {
  return { key, value: { intValue: String(Math.trunc(value)) } };
}

/** Beyond what a double holds: milliseconds and their fractions apart. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6)));
}
