/*
 * What calls take of a link: by the formula that providers sell by, and by the figures that voice planners have long used. The real
 * ones, for any framing and tunnel, are `audioParts` of #policy/admission.
 */

/** kbit/s, one way, that so many calls take at most: (64 kbit/s + what headers take) a call. `header` in octets a packet, `ptime` in ms. */
export function peakBandwidth(calls: number, header: number, ptime: number): number {
  return calls * (64 + (header * 8) / ptime);
}

/** kbit/s, one way, at 20 ms a packet. */
export interface PlanningFigures {
  readonly payload: number;
  /** With IP, UDP and RTP. */
  readonly ip: number;
  /** With SRTP and Ethernet as well. */
  readonly secured: number;
  /** With forward error correction: the payload twice. */
  readonly corrected: number;
  /** What is planned with: RTCP at its most (10 kbit/s) beside it. */
  readonly planned: number;
  readonly plannedCorrected: number;
  /** RTCP as it mostly is (5 kbit/s) beside it: what measured calls average to. */
  readonly typical: number;
}

const overIp = 40;
/** Ethernet with its checksum and the tag of SRTP beside IP, UDP and RTP: 18 + 12 + 40. */
const overEthernet = 70;
const rtcp = { most: 10, typical: 5 };

/** Payloads, kbit/s, and how many octets the published figures have beyond `overEthernet`. */
const codecs = {
  'G.711': { payload: 64, more: 0 },
  'G.722': { payload: 64, more: 9 },
  Siren: { payload: 16, more: 9 },
  'RTAudio narrowband': { payload: 11.8, more: 0 },
  'RTAudio wideband': { payload: 29, more: 0 },
} as const;
export type PlannedCodec = keyof typeof codecs;

export function planningFigures(codec: PlannedCodec): PlanningFigures {
  const { payload, more } = codecs[codec];
  const rate = (octets: number) => tenth((octets * 8) / 20);
  const secured = tenth(payload + rate(overEthernet + more));
  const corrected = tenth(secured + payload);
  return {
    payload,
    ip: tenth(payload + rate(overIp)),
    secured,
    corrected,
    planned: tenth(secured + rtcp.most),
    plannedCorrected: tenth(corrected + rtcp.most),
    typical: tenth(secured + rtcp.typical),
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
