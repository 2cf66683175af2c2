/** How ladders write times, session descriptions, relay plans and records: the same text for what is sent and what is seen. */
import type { CallRecord, EndCause } from '#cdr';
import type { PlayPlan, SessionPlan, StreamSidePlan } from '#codec/media-control';
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
  CN: [13, 8000],
  opus: [96, 48000],
  H264: [99, 90000],
  'telephone-event': [101, 8000],
  t140: [98, 1000],
  red: [100, 1000],
};
/** T.38 is no RTP. */
const fax = 't38';
const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
/** How a stream is secured: by RTP/SAVP with a key, or as a best effort by RTP/AVP with one. */
const securities = ['srtp', 'best-effort'];
/** What every phone encrypts with. */
const phoneKey = 'cGhvbmVzIGluIGxhZGRlcnMgc2hhcmUgdGhpcyEh';

/** What T.38 is agreed on by, and what says that no pause is to be left out (RFC 3108): the words of ladders for attributes. */
const attributes: Readonly<Record<string, string>> = {
  version: 'T38FaxVersion',
  bits: 'T38MaxBitRate',
  rates: 'T38FaxRateManagement',
  buffer: 'T38FaxMaxBuffer',
  datagram: 'T38FaxMaxDatagram',
  repair: 'T38FaxUdpEC',
  silence: 'silenceSupp',
};
const suppression = ' - - - -';

/** "ptime=20", "maxptime=40", "AS=64", "CT=1000", "chatter=20": that many attributes that nobody knows; "by=tcp": its transport. */
const extras = ['ptime', 'maxptime', 'AS', 'CT', 'chatter', 'by', ...Object.keys(attributes)];
const isExtra = (word: string) => extras.includes(word.split('=')[0]!);
const chatter = (n: number) => `a=x-chatter:${String(n).padStart(3, '0')} what a phone says that nobody asked`;

function extraLines(word: string): string[] {
  const [name = '', value = ''] = word.split('=');
  if (name === 'by') return [];
  if (attributes[name]) return [`a=${attributes[name]}:${value}${name === 'silence' ? suppression : ''}`];
  if (name === 'chatter') return Array.from({ length: Number(value) }, (_, n) => chatter(n));
  return name.includes('ptime') ? [`a=${name}:${value}`] : [`b=${name}:${value}`];
}

function extrasOf({ protocol, lines }: MediaDescription): readonly string[] {
  const words: string[] = protocol.startsWith('RTP/') || protocol === 'udptl' ? [] : [`by=${protocol}`];
  let count = 0;
  for (const { type, value } of lines) {
    const [name = '', rest = ''] = value.split(':');
    if (type === 'a' && name === 'x-chatter') count++;
    else if (Object.values(attributes).includes(name)) {
      const word = Object.keys(attributes).find((one) => attributes[one] === name);
      words.push(`${word}=${rest.replace(suppression, '')}`);
    } else if (isExtra(name)) words.push(`${name}=${rest}`);
  }
  return count === 0 ? words : [...words, `chatter=${count}`];
}

/** "opus", or "opus=97": with another payload type than the usual one. */
function formatOf(codec: string): { readonly type: string; readonly line: string } {
  const [name = '', number] = codec.split('=');
  if (name === fax) return { type: fax, line: '' };
  const known = payloads[name];
  if (!known) throw new Error(`sdp(…): unknown codec ${codec}`);
  const type = number ?? String(known[0]);
  return { type, line: `a=rtpmap:${type} ${name}/${known[1]}` };
}

function codecNotation(format: string, { lines }: MediaDescription): string {
  const map = lines.find(({ type, value }) => type === 'a' && value.startsWith(`rtpmap:${format} `));
  const name = map?.value.split(/[ /]/)[1] ?? Object.keys(payloads).find((one) => String(payloads[one]![0]) === format);
  if (name === undefined) return format;
  return String(payloads[name]?.[0]) === format ? name : `${name}=${format}`;
}

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
    const codecs = words
      .filter((word) => !directions.includes(word) && !securities.includes(word) && !isExtra(word))
      .map(formatOf);
    const more = words.filter(isExtra).flatMap(extraLines);
    const security = words.find((word) => securities.includes(word));
    const by = words.find((word) => word.startsWith('by='))?.slice(3);
    return { media, ...at, by, codecs, more, security, direction: words.find((word) => directions.includes(word)) };
  });
  const host = streams.find((stream) => stream.host !== undefined)?.host ?? '0.0.0.0';
  const network = (of: string) => `IN ${of.includes(':') ? 'IP6' : 'IP4'} ${of}`;
  const lines = ['v=0', `o=phone 4711 ${version} ${network(host)}`, 's=a phone', `c=${network(host)}`, 't=0 0'];
  for (const { media, host: own, port, by, codecs, more, security, direction } of streams) {
    const isFax = codecs.some(({ type }) => type === fax);
    const profile = isFax ? (by ?? 'udptl') : security === 'srtp' ? 'RTP/SAVP' : 'RTP/AVP';
    lines.push(`m=${media} ${port} ${profile} ${codecs.map(({ type }) => type).join(' ')}`);
    if (own !== undefined && own !== host) lines.push(`c=${network(own)}`);
    lines.push(...more.filter((line) => line.startsWith('b=')));
    for (const { line } of codecs) if (line !== '') lines.push(line);
    lines.push(...more.filter((line) => !line.startsWith('b=')));
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
    const codecs = media.formats.map((format) => codecNotation(format, media));
    const direction = directionOf(sdp, media);
    const words = [
      place,
      ...codecs,
      ...extrasOf(media),
      ...securityOf(media),
      ...(direction === 'sendrecv' ? [] : [direction]),
    ];
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

/**
 * "10.0.0.2:4000 srtp <-> 203.0.113.10:6000 96=97": where each side listens, by what, who is to send, and which payload types
 * are written over: "96=97" each way, "96>97" on the way to the right alone. Who hears a tone of ours: "10.0.0.2:4000 hears 425Hz by PCMA=8".
 */
export function relayNotation(plan: SessionPlan): string {
  const place = ({ remote, srtp, play }: StreamSidePlan) =>
    `${remote ? `${formatHostPort(remote.rtp)}${srtp?.receive ? ' srtp' : ''}` : 'nowhere'}${play ? ` ${playNotation(play)}` : ''}`;
  return plan.streams
    .map(({ media: type, protocol, a, b }) => {
      const media = protocol === 'udptl' ? 'fax' : type;
      const arrow = a.sends ? (b.sends ? '<->' : '-->') : b.sends ? '<--' : '---';
      return [...(media === 'audio' ? [] : [media]), place(a), arrow, place(b), ...renumberings(a, b)].join(' ');
    })
    .join(' + ');
}

/** "hears 440+480Hz by PCMU=0" */
function playNotation({ tones, codec, payloadType, ptime }: PlayPlan): string {
  return `hears ${tones[0]!.hz.join('+')}Hz by ${codec}=${payloadType}${ptime === 20 ? '' : ` ptime=${ptime}`}`;
}

function renumberings(
  { payloadTypes: there = {} }: StreamSidePlan,
  { payloadTypes: back = {} }: StreamSidePlan,
): string[] {
  const words = Object.entries(there).map(([from, to]) => `${from}${back[to] === Number(from) ? '=' : '>'}${to}`);
  for (const [from, to] of Object.entries(back)) if (there[to] !== Number(from)) words.push(`${to}<${from}`);
  return words;
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
