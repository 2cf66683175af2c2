/** How ladders write times, session descriptions, relay plans and records: the same text for what is sent and what is seen. */
import type { CallRecord, EndCause } from '#cdr';
import type { SessionPlan, StreamSidePlan } from '#codec/media-control';
import { addressOf, cryptosOf, directionOf, type MediaDescription, parseSdp } from '#codec/sdp';
import { bracketed, formatHostPort, type HostPort } from '#kernel';

/** "500ms", "5s", "2m" in ms; undefined when it is no time. */
export function duration(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!parts) return undefined;
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[parts[2] as 'ms' | 's' | 'm' | 'h'];
  return Number(parts[1]) * unit;
}

/** The first word and what follows it. */
export function span(text: string): [string, string] {
  const parts = /^(\S+)\s*([\s\S]*)$/.exec(text);
  return parts ? [parts[1]!, parts[2]!] : ['', ''];
}

/** "10.0.0.2:4000", "[2001:db8::2]:4000". */
function hostPort(text: string): HostPort | undefined {
  const parts = /^(?:\[([0-9a-f:]+)\]|([\d.]+)):(\d+)$/.exec(text);
  return parts ? { host: (parts[1] ?? parts[2])!, port: Number(parts[3]) } : undefined;
}

const payloads: Readonly<Record<string, readonly [type: number, rate: number]>> = {
  PCMU: [0, 8000],
  PCMA: [8, 8000],
  G722: [9, 8000],
  G729: [18, 8000],
  opus: [96, 48000],
  H264: [99, 90000],
  'telephone-event': [101, 8000],
};
const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
/** How a stream is secured: by RTP/SAVP with a key, or as a best effort by RTP/AVP with one. */
const securities = ['srtp', 'best-effort'];
/** What every phone encrypts with. */
const phoneKey = 'cGhvbmVzIGluIGxhZGRlcnMgc2hhcmUgdGhpcyEh';

/**
 * The SDP that a notation stands for: "10.0.0.2:4000 PCMA PCMU srtp sendonly + video 10.0.0.2:4002 H264".
 * An address of ":0" alone is a refused stream.
 */
export function writeSdp(notation: string, version: number): string {
  const streams = notation.split(' + ').map((stream) => {
    const words = stream.split(' ');
    const media = /^[a-z]+$/.test(words[0]!) ? words.shift()! : 'audio';
    const place = words.shift() ?? '';
    const at = place === ':0' ? { host: undefined, port: 0 } : hostPort(place);
    if (!at) throw new Error(`"${place}" in sdp(${notation}) is no address`);
    const codecs = words.filter((word) => !directions.includes(word) && !securities.includes(word));
    for (const codec of codecs) if (!payloads[codec]) throw new Error(`sdp(…): unknown codec ${codec}`);
    const security = words.find((word) => securities.includes(word));
    return { media, ...at, codecs, security, direction: words.find((word) => directions.includes(word)) };
  });
  const host = streams.find((stream) => stream.host !== undefined)?.host ?? '0.0.0.0';
  const network = (of: string) => `IN ${of.includes(':') ? 'IP6' : 'IP4'} ${of}`;
  const lines = ['v=0', `o=phone 4711 ${version} ${network(host)}`, 's=a phone', `c=${network(host)}`, 't=0 0'];
  for (const { media, host: own, port, codecs, security, direction } of streams) {
    const profile = security === 'srtp' ? 'RTP/SAVP' : 'RTP/AVP';
    lines.push(`m=${media} ${port} ${profile} ${codecs.map((codec) => payloads[codec]![0]).join(' ')}`);
    if (own !== undefined && own !== host) lines.push(`c=${network(own)}`);
    for (const codec of codecs) lines.push(`a=rtpmap:${payloads[codec]![0]} ${codec}/${payloads[codec]![1]}`);
    if (security !== undefined) lines.push(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${phoneKey}`);
    if (direction !== undefined) lines.push(`a=${direction}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** The notation of an SDP as it was seen. */
export function readSdpNotation(body: string): string {
  const sdp = parseSdp(body);
  if ('kind' in sdp) return `not SDP: ${sdp.reason}`;
  const streams = sdp.media.map((media) => {
    const place = media.port === 0 ? ':0' : `${bracketed(addressOf(sdp, media) ?? '?')}:${media.port}`;
    const codecs = media.formats.map(
      (format) => Object.entries(payloads).find(([, [type]]) => String(type) === format)?.[0] ?? format,
    );
    const direction = directionOf(sdp, media);
    const words = [place, ...codecs, ...securityOf(media), ...(direction === 'sendrecv' ? [] : [direction])];
    return (media.media === 'audio' ? words : [media.media, ...words]).join(' ');
  });
  return streams.join(' + ');
}

/** A phone's key that came out at the other side shows. */
function securityOf({ protocol, port, lines }: MediaDescription): readonly string[] {
  const keys = cryptosOf(lines).map((crypto) => crypto.keys[0]!.inline);
  if (keys.includes(phoneKey)) return ["a phone's key"];
  if (protocol === 'RTP/SAVP') return port === 0 || keys.length > 0 ? ['srtp'] : ['srtp without a key'];
  return keys.length > 0 ? ['best-effort'] : [];
}

/** "10.0.0.2:4000 srtp <-> 203.0.113.10:6000": where each side listens, by what, and who is to send. */
export function relayNotation(plan: SessionPlan): string {
  const place = ({ remote, srtp }: StreamSidePlan) =>
    remote ? `${formatHostPort(remote.rtp)}${srtp?.receive ? ' srtp' : ''}` : 'nowhere';
  return plan.streams
    .map(({ media, a, b }) => {
      const arrow = a.sends ? (b.sends ? '<->' : '-->') : b.sends ? '<--' : '---';
      return `${media === 'audio' ? '' : `${media} `}${place(a)} ${arrow} ${place(b)}`;
    })
    .join(' + ');
}

/** "caller hangup, talked 5s, tried itsp: unreachable 503, itsp2: hangup". */
export function recordNotation(record: CallRecord): string {
  const parts = [`${record.end.by} ${cause(record.end)}`];
  if (record.answeredAt !== undefined) parts.push(`talked ${record.talkMs / 1000}s`);
  else if (record.ringingAt !== undefined) parts.push('rang');
  const tried = record.attempts.map(({ leg, end }) => `${leg.trunk}: ${cause(end)}`);
  parts.push(tried.length === 0 ? 'tried nobody' : `tried ${tried.join(', ')}`);
  return parts.join(', ');
}

function cause({ reason, sip, q850 }: EndCause): string {
  return `${reason}${sip ? ` ${sip.status}` : ''}${q850 ? ` Q.850 ${q850.cause}${q850.text === undefined ? '' : ` "${q850.text}"`}` : ''}`;
}
