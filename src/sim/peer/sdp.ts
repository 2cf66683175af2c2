import { addressOf, type Direction, directionOf, parseSdp } from '#codec/sdp';
import type { HostPort, Octets } from '#kernel';

/** What an agent says of its media. */
export interface Description {
  readonly address: HostPort;
  readonly direction: Direction;
  readonly version: number;
  /** Streams described: the first is audio, what follows is video that is taken or, with port 0, refused. */
  readonly streams: number;
  readonly video: boolean;
  /** The first is T.38 in place of audio. */
  readonly fax?: boolean;
  /** Attribute lines beyond need, to make a message large. */
  readonly padding?: number;
}

export function describe({
  address,
  direction,
  version,
  streams,
  video,
  fax = false,
  padding = 0,
}: Description): Octets {
  const { host, port } = address;
  const lines = [
    'v=0',
    `o=- 1 ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    ...(fax
      ? [`m=image ${port} udptl t38`, 'a=T38FaxVersion:0', 'a=T38FaxRateManagement:transferredTCF']
      : [`m=audio ${port} RTP/AVP 8 0 101`, 'a=rtpmap:101 telephone-event/8000', `a=${direction}`]),
  ];
  for (let i = 1; i < streams; i++) {
    lines.push(`m=video ${video ? port + 1000 * i : 0} RTP/AVP 96`, 'a=rtpmap:96 H264/90000', `a=${direction}`);
  }
  for (let i = 0; i < padding; i++) lines.push(`a=x-padding:${'p'.repeat(60)}`);
  return lines.map((line) => `${line}\r\n`).join('');
}

/** What the other side says of its first stream. */
export interface Heard {
  readonly direction: Direction;
  readonly host: string;
  readonly port: number;
  readonly streams: number;
  /** Some stream beside the first is offered. */
  readonly video: boolean;
  readonly fax: boolean;
}

/** What the other side says of its media; undefined when it says nothing that can be read. */
export function heard(body: Octets): Heard | undefined {
  const sdp = parseSdp(body);
  if ('kind' in sdp) return undefined;
  const media = sdp.media[0];
  if (!media) return undefined;
  const host = addressOf(sdp, media) ?? '';
  return {
    direction: host === nowhere ? withoutReceiving(directionOf(sdp, media)) : directionOf(sdp, media),
    host,
    port: media.port,
    streams: sdp.media.length,
    video: sdp.media.slice(1).some((one) => one.port !== 0),
    fax: media.media === 'image',
  };
}

/** RFC 3264 8.4: who listens nowhere holds, whatever else it says. */
export const nowhere = '0.0.0.0';

function withoutReceiving(direction: Direction): Direction {
  return direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';
}

/** RFC 3264 6.1: the answer that takes an offered direction as it is. */
export function mirrored(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : direction;
}

/** What is left of a direction of ours after the other side's answer. */
export function agreed(ours: Direction, theirs: Direction): Direction {
  const sends = (ours === 'sendrecv' || ours === 'sendonly') && (theirs === 'sendrecv' || theirs === 'recvonly');
  const receives = (ours === 'sendrecv' || ours === 'recvonly') && (theirs === 'sendrecv' || theirs === 'sendonly');
  if (sends) return receives ? 'sendrecv' : 'sendonly';
  return receives ? 'recvonly' : 'inactive';
}
