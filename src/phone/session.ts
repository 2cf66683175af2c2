import { type G711, pcma, pcmu } from '#codec/g711';
import {
  addressOf,
  type Direction,
  directionOf,
  formatSdp,
  isUnspecified,
  type MediaDescription,
  parseSdp,
} from '#codec/sdp';
import type { HostPort, Octets } from '#kernel';

/** What a phone says about its audio stream. */
export interface LocalSession {
  /** Where it listens for RTP. */
  readonly rtp: HostPort;
  /** In order of preference; an answer names the one that was agreed on. */
  readonly laws: readonly G711[];
  readonly direction: Direction;
  /** Of the o= line; the version goes up with each change (RFC 3264 8). */
  readonly id: number;
  readonly version: number;
  /** Payload type for digits (RFC 4733); none are sent or heard unless given. */
  readonly digits?: number;
  /** The name in its o= line. */
  readonly user?: string;
}

/** What the peer's description says about it. */
export interface RemoteSession {
  /** Where to send; undefined: nowhere (RFC 3264 8.4). */
  readonly rtp: HostPort | undefined;
  /** The first of its formats that a phone here speaks. */
  readonly law: G711;
  /** As seen from the peer. */
  readonly direction: Direction;
  /** Payload type of RFC 4733 digits at 8000 Hz, where the peer takes them. */
  readonly digits: number | undefined;
}

export function describe(session: LocalSession): Octets {
  const { host, port } = session.rtp;
  const type = host.includes(':') ? 'IP6' : 'IP4';
  const { digits, user = 'lab' } = session;
  return formatSdp({
    lines: [
      { type: 'v', value: '0' },
      { type: 'o', value: `${user} ${session.id} ${session.version} IN ${type} ${host}` },
      { type: 's', value: '-' },
      { type: 'c', value: `IN ${type} ${host}` },
      { type: 't', value: '0 0' },
    ],
    origin: {
      username: user,
      sessionId: `${session.id}`,
      version: `${session.version}`,
      netType: 'IN',
      addressType: type,
      address: host,
    },
    media: [
      {
        media: 'audio',
        port,
        protocol: 'RTP/AVP',
        formats: [...session.laws.map((law) => `${law.payloadType}`), ...(digits === undefined ? [] : [`${digits}`])],
        lines: [
          ...session.laws.map((law) => ({ type: 'a', value: `rtpmap:${law.payloadType} ${law.name}/8000` })),
          ...(digits === undefined
            ? []
            : [
                { type: 'a', value: `rtpmap:${digits} telephone-event/8000` },
                { type: 'a', value: `fmtp:${digits} 0-15` },
              ]),
          { type: 'a', value: 'ptime:20' },
          { type: 'a', value: session.direction },
        ],
      },
    ],
  });
}

/** Reads an offer or an answer; undefined when there is no G.711 audio in it. */
export function understand(octets: Octets): RemoteSession | undefined {
  const sdp = parseSdp(octets);
  if ('kind' in sdp) return undefined;
  const audio = sdp.media.find(({ media, port }) => media === 'audio' && port !== 0);
  const host = audio && addressOf(sdp, audio);
  if (audio === undefined || host === undefined) return undefined;
  for (const format of audio.formats) {
    const law = format === '0' ? pcmu : format === '8' ? pcma : undefined;
    if (law === undefined) continue;
    const rtp = isUnspecified(host) ? undefined : { host, port: audio.port };
    return { rtp, law, direction: directionOf(sdp, audio), digits: digitsOf(audio) };
  }
  return undefined;
}

/** `a=rtpmap:101 telephone-event/8000`. */
function digitsOf({ formats, lines }: MediaDescription): number | undefined {
  for (const format of formats) {
    const mapped = lines.some(
      ({ type, value }) => type === 'a' && value.toLowerCase() === `rtpmap:${format} telephone-event/8000`,
    );
    if (mapped) return Number(format);
  }
  return undefined;
}

/** The direction that answers an offered one (RFC 3264 6.1). */
export function answering(offered: Direction): Direction {
  if (offered === 'sendonly') return 'recvonly';
  return offered === 'recvonly' ? 'sendonly' : offered;
}

/** May we send, when the peer's word is this? */
export function maySend(peer: Direction): boolean {
  return peer === 'sendrecv' || peer === 'recvonly';
}
