/** VoIP metrics of an extended report (RFC 3611 4.7). Rates and densities 0 to 1; what the peer did not measure is absent. */
export interface VoipMetrics {
  readonly lossRate: number;
  readonly discardRate: number;
  readonly burstDensity: number;
  readonly burstMs: number;
  readonly gapDensity: number;
  readonly gapMs: number;
  readonly roundTripMs?: number;
  readonly endSystemMs?: number;
  readonly rFactor?: number;
  readonly mosListening?: number;
  readonly mosConversational?: number;
}

/** What a compound packet says of one direction, as far as it is for us. Fields of the wire; units as there. */
export interface RtcpReading {
  /** Of the sender report: the middle 32 bits of its NTP time; undefined: there is none. */
  senderReport?: number;
  /** Of the first report block (RFC 3550 6.4.1). */
  block?: {
    readonly fractionLost: number;
    readonly lost: number;
    /** Timestamp units of the stream that is reported on. */
    readonly jitter: number;
    readonly lastSenderReport: number;
    /** 1/65,536 s. */
    readonly delay: number;
  };
  voip?: VoipMetrics;
}

const senderReport = 200;
const receiverReport = 201;
const extendedReport = 207;
const blockOctets = 24;
/** RFC 3611 4.7: the VoIP metrics report block, and its length in 32-bit words without its first. */
const voipMetrics = 7;
const voipWords = 8;
/** RFC 3611 4.7.5: not measured. */
const unavailable = 127;

/** Reads a compound packet (RFC 3550 6.1, RFC 3611). Total: what is cut short or unknown is passed over. */
export function readRtcp(packet: Uint8Array, length: number): RtcpReading {
  const reading: RtcpReading = {};
  const view = new DataView(packet.buffer, packet.byteOffset, length);
  for (let at = 0; at + 4 <= length; ) {
    const end = at + 4 * (view.getUint16(at + 2) + 1);
    if (view.getUint8(at) >> 6 !== 2 || end > length) break;
    const count = view.getUint8(at) & 0x1f;
    const type = view.getUint8(at + 1);
    if (type === senderReport && at + 28 <= end) {
      reading.senderReport = view.getUint32(at + 10);
      if (count > 0 && at + 28 + blockOctets <= end) reading.block ??= blockAt(view, at + 28);
    } else if (type === receiverReport && count > 0 && at + 8 + blockOctets <= end) {
      reading.block ??= blockAt(view, at + 8);
    } else if (type === extendedReport) readExtended(view, at + 8, end, reading);
    at = end;
  }
  return reading;
}

function blockAt(view: DataView, at: number): NonNullable<RtcpReading['block']> {
  // 24 bits with a sign: copies make it negative.
  const lost = (view.getUint32(at + 4) << 8) >> 8;
  return {
    fractionLost: view.getUint8(at + 4) / 256,
    lost,
    jitter: view.getUint32(at + 12),
    lastSenderReport: view.getUint32(at + 16),
    delay: view.getUint32(at + 20),
  };
}

function readExtended(view: DataView, from: number, end: number, reading: RtcpReading): void {
  for (let at = from; at + 4 <= end; ) {
    const words = view.getUint16(at + 2);
    const next = at + 4 * (words + 1);
    if (next > end) return;
    if (view.getUint8(at) === voipMetrics && words === voipWords) reading.voip ??= voipAt(view, at);
    at = next;
  }
}

function voipAt(view: DataView, at: number): VoipMetrics {
  const known = (value: number) => (value === unavailable ? undefined : value);
  const delay = (value: number) => (value === 0 ? undefined : value);
  const rFactor = known(view.getUint8(at + 24));
  const listening = known(view.getUint8(at + 26));
  const conversational = known(view.getUint8(at + 27));
  const roundTripMs = delay(view.getUint16(at + 16));
  const endSystemMs = delay(view.getUint16(at + 18));
  return {
    lossRate: view.getUint8(at + 8) / 256,
    discardRate: view.getUint8(at + 9) / 256,
    burstDensity: view.getUint8(at + 10) / 256,
    burstMs: view.getUint16(at + 12),
    gapDensity: view.getUint8(at + 11) / 256,
    gapMs: view.getUint16(at + 14),
    ...(roundTripMs !== undefined && { roundTripMs }),
    ...(endSystemMs !== undefined && { endSystemMs }),
    ...(rFactor !== undefined && { rFactor }),
    ...(listening !== undefined && { mosListening: listening / 10 }),
    ...(conversational !== undefined && { mosConversational: conversational / 10 }),
  };
}
