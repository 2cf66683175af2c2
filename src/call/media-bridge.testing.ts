import { cryptosOf, parseSdp, type SessionDescription } from '#codec/sdp';
import { type Octets, type Random, seeded } from '#kernel';
import type { SrtpConfiguration, Transport, Trunk } from '#policy/configuration';
import { type BridgeSide, MediaBridge, type Translated } from './media-bridge.ts';

/** Pieces of which the tests of media bridges are made: sides, SDP as peers write it, and short words for what they see. */

export const suites = ['AES_CM_128_HMAC_SHA1_80', 'AEAD_AES_256_GCM'] as const;

/** A peer's keys for the first suite: key(0), key(1) and so on. */
export const key = (n: number) => `${'ABCDEFGH'[n]}`.repeat(40);

export function srtp(mode: SrtpConfiguration['mode'], more: Partial<SrtpConfiguration> = {}): SrtpConfiguration {
  return { mode, offer: 'crypto', suites: [...suites], keysInClear: false, ...more };
}

export interface Face extends Pick<Trunk, 'codecs' | 'dtmf' | 'hold' | 'media' | 'fax'> {
  readonly srtp?: SrtpConfiguration;
  readonly transport?: Transport;
  readonly dscp?: NonNullable<Trunk['dscp']>;
}

export function bridge(a: Face, b: Face, random: Random = seeded(1)): MediaBridge {
  const made = MediaBridge.fresh('call', ['71', '72'], random);
  attach(made, 'a', a);
  attach(made, 'b', b);
  return made;
}

export function attach(to: MediaBridge, side: BridgeSide, { transport = 'tls', ...face }: Face): void {
  to.attach(side, { side: side === 'a' ? 'internal' : 'external', ...face }, transport);
}

/** One m= line and its attributes. */
export function line(protocol: string, attributes: readonly string[] = [], port = 4000, media = 'audio'): string[] {
  return [
    `m=${media} ${port} ${protocol} ${protocol.includes('RTP') ? '8' : 't38'}`,
    ...attributes.map((a) => `a=${a}`),
  ];
}

export const crypto = (tag: number, inline = key(0), suite: string = suites[0]) =>
  `crypto:${tag} ${suite} inline:${inline}`;

export function sdp(media: readonly string[], host = '192.0.2.1', session: readonly string[] = []): SessionDescription {
  const head = ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', ...session];
  return read([...head, ...media].map((text) => `${text}\r\n`).join(''));
}

export function read(body: Octets): SessionDescription {
  const parsed = parseSdp(body);
  if ('kind' in parsed) throw new Error(parsed.reason);
  return parsed;
}

/** "SAVP+1,2 | -": profile and tags of each line, "-" when it is refused. */
export function look(description: SessionDescription): string {
  return description.media
    .map(({ port, protocol, lines }) => {
      if (port === 0) return '-';
      const tags = cryptosOf(lines).map(({ tag }) => tag);
      const has = (name: string) => lines.some(({ value }) => value.startsWith(name));
      const word = `${protocol.replace('RTP/', '')}${tags.length > 0 ? `+${tags.join(',')}` : ''}`;
      return `${word}${has('tcap:1 RTP/SAVP') && has('pcfg:1 t=1') ? ' tcap' : ''}${has('acfg:1 t=1') ? ' acfg' : ''}`;
    })
    .join(' | ');
}

/** Gives the streams ports, as the media process would. */
export function allocate(to: MediaBridge): void {
  if (!to.room()) return;
  to.allocated(
    to.state.streams.map((_, stream) => ({
      stream,
      a: { host: '198.51.100.1', port: 20_000 + 4 * stream, rtcpPort: 20_001 + 4 * stream },
      b: { host: '203.0.113.1', port: 20_002 + 4 * stream, rtcpPort: 20_003 + 4 * stream },
    })),
  );
}

function bodyOf(translated: Translated): Octets {
  if ('fault' in translated) throw new Error(translated.fault);
  return translated.body;
}

/** An offer on its way through: what the other side sees, or the reason why it goes no further. */
export function offer(through: MediaBridge, from: BridgeSide, description: SessionDescription): Octets {
  const fault = through.offer(from, description);
  if (fault !== undefined) throw new Error(fault);
  allocate(through);
  return bodyOf(through.translateOffer());
}

export const answer = (through: MediaBridge, description: SessionDescription) => bodyOf(through.answer(description));

/** The keys that a description tells, by line. */
export function keysIn(body: Octets): string[][] {
  return read(body).media.map(({ lines }) => cryptosOf(lines).map(({ keys }) => keys[0]!.inline));
}

export const secure = (n: number, more: readonly string[] = []) => line('RTP/SAVP', [crypto(1, key(n)), ...more]);
export const plain = line('RTP/AVP');
export const versionOf = (body: Octets) => Number(/^o=\S+ \S+ (\d+)/m.exec(body)![1]);
export const withoutOrigin = (body: Octets) => body.replace(/^o=.*$/m, '');
export const sideOf = (media: MediaBridge, side: BridgeSide, stream = 0) => media.plan(0).streams[stream]![side];

/** Both sides require SRTP, a called with key 0, b answered with key 1; what b and a saw. */
export function secured(a = srtp('required'), b = srtp('required')) {
  const media = bridge({ srtp: a }, { srtp: b });
  const told = offer(media, 'a', sdp(secure(0)));
  const shown = answer(media, sdp(secure(1), '192.0.2.2'));
  return { media, told, shown };
}

/** "audio 0,8,97=iLBC/8000 sendonly": an m= line and its attributes; ":0" after the media type refuses it. */
export function stream(text: string, port = 4000): string[] {
  const [media = '', codecs = '', ...words] = text.split(' ');
  const refused = media.endsWith(':0');
  const formats = codecs.split(',').map((one) => one.split('='));
  const lines = formats.flatMap(([type, map]) => (map === undefined ? [] : [`a=rtpmap:${type} ${map}`]));
  const types = formats.map(([type]) => type).join(' ');
  return [
    `m=${refused ? media.slice(0, -2) : media} ${refused ? 0 : port} RTP/AVP ${types}`,
    ...lines,
    ...words.map((word) => `a=${word}`),
  ];
}

/** SDP of streams so written, at ports of their own. */
export function streams(texts: readonly string[], host?: string, session?: readonly string[]): SessionDescription {
  return sdp(
    texts.flatMap((text, i) => stream(text, 4000 + 2 * i)),
    host,
    session,
  );
}

/** As `streams` writes it. */
export function seen(body: Octets): string[] {
  return read(body).media.map(({ media, port, formats, lines }) => {
    const map = (type: string) => lines.find(({ value }) => value.startsWith(`rtpmap:${type} `))?.value.split(' ')[1];
    const codecs = formats.map((type) => (map(type) === undefined ? type : `${type}=${map(type)}`)).join(',');
    const words = lines
      .filter(({ type, value }) => type === 'a' && !value.startsWith('rtpmap:'))
      .map(({ value }) => value);
    return [`${media}${port === 0 ? ':0' : ''}`, codecs, ...words].join(' ');
  });
}
