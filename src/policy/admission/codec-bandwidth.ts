import type { TunnelKind } from '#policy/configuration';
import { tunnelOctets } from './tunnel.ts';

/** What surrounds the payload of a packet. */
export interface Framing {
  /** Ms of audio in a packet. */
  readonly ptime: number;
  /** Authentication tag of SRTP in octets; 0 = plain RTP. */
  readonly srtp: number;
  readonly ipv6: boolean;
  /** Octets of the link layer a packet: 18 of Ethernet with its checksum, 4 more with a VLAN tag; 0 = at the IP layer. */
  readonly link: number;
  /** Octets that a tunnel adds a packet. */
  readonly tunnel: number;
  /** Share of the RTP that RTCP may take (RFC 3550 6.2: a twentieth). */
  readonly rtcp: number;
}

/** At the IP layer, as links are sold. */
export const plainFraming: Framing = { ptime: 20, srtp: 0, ipv6: false, link: 0, tunnel: 0, rtcp: 0 };

/** kbit/s of audio itself, by encoding name (RFC 3551, RFC 4856, RFC 7587). */
const payloadRates: Readonly<Record<string, number>> = {
  PCMU: 64,
  PCMA: 64,
  G722: 64,
  'G726-32': 32,
  G729: 8,
  G723: 6.3,
  GSM: 13.2,
  iLBC: 15.2,
  AMR: 12.2,
  'AMR-WB': 23.85,
  speex: 24.6,
  opus: 32,
  SIREN: 16,
};

const ipv4Header = 20;
const ipv6Header = 40;
const udpHeader = 8;
const rtpHeader = 12;

/** What is reserved for a codec that nobody knows: as much as the widest. */
const unknownRate = 64;

/** kbit/s one way of an audio stream, part by part. */
export interface AudioParts {
  readonly payload: number;
  /** IP, UDP and RTP. */
  readonly headers: number;
  readonly srtp: number;
  readonly tunnel: number;
  readonly link: number;
  readonly rtcp: number;
}

/** What an audio stream takes, part by part; in a tunnel of that kind, where one is given, in place of what the framing says of it. */
export function audioParts(codec: string, framing: Framing = plainFraming, tunnel?: TunnelKind): AudioParts {
  const name = Object.keys(payloadRates).find((one) => one.toLowerCase() === codec.toLowerCase());
  const payload = name === undefined ? unknownRate : payloadRates[name]!;
  const { ptime, srtp, ipv6, link } = framing;
  const headers = (ipv6 ? ipv6Header : ipv4Header) + udpHeader + rtpHeader;
  const packet = Math.ceil((payload * ptime) / 8) + headers + srtp;
  const around = tunnel === undefined ? framing.tunnel : tunnelOctets(tunnel, packet);
  // Octets a packet, packets a second, to kbit/s.
  const rate = (octets: number) => (octets * 8) / ptime;
  const [heads, secure, tunnelled, linked] = [rate(headers), rate(srtp), rate(around), rate(link)];
  const rtcp = (payload + heads + secure + tunnelled + linked) * framing.rtcp;
  return { payload, headers: heads, srtp: secure, tunnel: tunnelled, link: linked, rtcp };
}

/** kbit/s one way of an audio stream. */
export function audioBandwidth(codec: string, framing: Framing = plainFraming): number {
  const { payload, headers, srtp, tunnel, link, rtcp } = audioParts(codec, framing);
  return payload + headers + srtp + tunnel + link + rtcp;
}
