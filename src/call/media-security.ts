import type { SrtpKey } from '#codec/media-control';
import {
  type CryptoAttribute,
  configurationsOf,
  cryptosOf,
  formatCrypto,
  type MediaDescription,
  profileOf,
  protocolOf,
  type RtpProfile,
  type SdpLine,
  type SessionDescription,
  type StreamConfiguration,
  usableKeyOf,
} from '#codec/sdp';
import { srtpSuite } from '#codec/srtp';
import { detach, type Octets, type Random } from '#kernel';
import type { SrtpConfiguration, Transport } from '#policy/configuration';

/** What one side of a call wants of its media. Plain data: a checkpoint keeps it. */
export type MediaSecurity =
  /** `barred`: it would be optional, were the signalling encrypted. */
  | { readonly mode: 'off'; readonly barred?: true }
  /** Required, and keys may not cross the signalling: nothing can be agreed on. */
  | { readonly mode: 'impossible' }
  | Pick<SrtpConfiguration, 'mode' | 'offer' | 'suites'>;

/** The security of a trunk that is reached by this transport: keys cross it when it is TLS, or somebody said they may. */
export function securityOf(srtp: SrtpConfiguration | undefined, transport: Transport): MediaSecurity {
  if (srtp === undefined) return { mode: 'off' };
  const { mode, offer, suites, keysInClear } = srtp;
  if (transport === 'tls' || keysInClear) return { mode, offer, suites };
  return mode === 'required' ? { mode: 'impossible' } : { mode: 'off', barred: true };
}

/** Why an offer or answer could not be agreed on, for people. */
export function obstacleOf(security: MediaSecurity): string {
  switch (security.mode) {
    case 'off':
      return security.barred ? 'SRTP is off, since keys may not cross signalling in the clear' : 'SRTP is off';
    case 'impossible':
      return 'SRTP is required, and keys may not cross signalling in the clear';
    case 'required':
      return 'SRTP is required';
    case 'optional':
      return 'SRTP has no suite and key that fit';
  }
}

/** How we write a stream for one side. */
export interface Terms {
  /** RTP/SAVP rather than RTP/AVP. */
  readonly secure: boolean;
  /** a=crypto, one a suite, each with a key of ours; beside RTP/AVP they are a best effort (RFC 8643). */
  readonly cryptos: readonly { readonly tag: number; readonly suite: string }[];
  /** RTP/SAVP is offered as a potential configuration (RFC 5939). */
  readonly capability: boolean;
}

const plain: Terms = { secure: false, cryptos: [], capability: false };

/** How a new stream is offered: one m= line each, what we like best first. */
export function offeredTerms(security: MediaSecurity): readonly Terms[] {
  if (security.mode === 'off' || security.mode === 'impossible') return [plain];
  const cryptos = security.suites.map((suite, i) => ({ tag: i + 1, suite }));
  if (security.mode === 'required') return [{ secure: true, cryptos, capability: false }];
  switch (security.offer) {
    case 'crypto':
      return [{ secure: false, cryptos, capability: false }];
    case 'capability':
      return [{ secure: false, cryptos, capability: true }];
    case 'two-lines':
      return [{ secure: true, cryptos, capability: false }, plain];
  }
}

/** An offered stream as we shall run it. */
export interface Choice {
  /** Index of the m= line. */
  readonly line: number;
  readonly profile: RtpProfile;
  /** What a=acfg in the answer says. */
  readonly actual?: Octets;
  readonly crypto?: { readonly tag: number; readonly receive: SrtpKey };
}

/** The best of the ways that an offer leaves for one stream: SRTP by our preference among suites, else RTP; or none. */
export function choose(security: MediaSecurity, sdp: SessionDescription, lines: readonly number[]): Choice | undefined {
  let plain: Choice | undefined;
  for (const line of lines) {
    for (const way of configurationsOf(sdp, sdp.media[line]!)) {
      if (security.mode === 'required' || security.mode === 'optional') {
        const crypto = bestOf(security.suites, way.cryptos);
        if (crypto) return { ...chosen(line, way), crypto };
      }
      if (!way.profile.secure) plain ??= chosen(line, way);
    }
  }
  return security.mode === 'required' || security.mode === 'impossible' ? undefined : plain;
}

function chosen(line: number, { profile, actual }: StreamConfiguration): Choice {
  return actual === undefined ? { line, profile } : { line, profile, actual };
}

function bestOf(suites: readonly string[], cryptos: readonly CryptoAttribute[]): Choice['crypto'] {
  for (const suite of suites) {
    for (const crypto of cryptos) {
      if (crypto.suite !== suite) continue;
      const key = usableKeyOf(crypto);
      if (key === undefined) continue;
      const inline = detach(key.inline);
      return { tag: crypto.tag, receive: key.mki ? { suite, inline, mki: key.mki } : { suite, inline } };
    }
  }
  return undefined;
}

/** How we wrote, or shall write, a stream that was chosen: the terms on which it stands. */
export function termsOf({ profile, crypto }: Choice): Terms {
  const cryptos = crypto ? [{ tag: crypto.tag, suite: crypto.receive.suite }] : [];
  return { secure: profile.secure, cryptos, capability: false };
}

/** What an answer has made of the terms we offered: SRTP with the peer's key, RTP (no key), or nothing usable. */
export function agreed(
  security: MediaSecurity,
  terms: Terms,
  answer: MediaDescription,
): { readonly receive?: SrtpKey } | 'unusable' {
  const profile = profileOf(answer.protocol);
  if (profile === undefined) return 'unusable';
  if (terms.cryptos.length > 0) {
    const cryptos = cryptosOf(answer.lines);
    // We offer a suite once, so it tells which was taken even where a tag is not repeated rightly.
    const crypto = bestOf(
      terms.cryptos.map(({ suite }) => suite),
      cryptos,
    );
    if (crypto) return { receive: crypto.receive };
    // It will encrypt, and not with what we could read.
    if (answer.lines.some(({ type, value }) => type === 'a' && value.startsWith('crypto:'))) return 'unusable';
  }
  return profile.secure || security.mode === 'required' || security.mode === 'impossible' ? 'unusable' : {};
}

/** The lines that say it: after all others of a stream. */
export function securityLines(
  { cryptos, capability }: Terms,
  profile: RtpProfile,
  keyFor: (suite: string) => string,
  actual?: Octets,
): readonly SdpLine[] {
  const lines: SdpLine[] = [];
  const add = (value: string) => lines.push({ type: 'a', value });
  if (capability) {
    add(`tcap:1 ${protocolOf({ ...profile, secure: true })}`);
    add('pcfg:1 t=1');
  }
  if (actual !== undefined) add(`acfg:${actual}`);
  for (const { tag, suite } of cryptos)
    add(`crypto:${formatCrypto({ tag, suite, keys: [{ inline: keyFor(suite) }], parameters: [] })}`);
  return lines;
}

/** A master key and salt for a suite, as a=crypto has them. */
export function freshKey(random: Random, suite: string): string {
  const { keyLength, saltLength } = srtpSuite(suite)!;
  return base64(random.token((keyLength + saltLength) * 8));
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(hex: string): string {
  let out = '';
  for (let at = 0; at < hex.length; at += 6) {
    const group = hex.slice(at, at + 6);
    const bits = Number.parseInt(group.padEnd(6, '0'), 16);
    const octets = group.length / 2;
    out += digits[bits >> 18]! + digits[(bits >> 12) & 63]!;
    out += octets > 1 ? digits[(bits >> 6) & 63]! : '=';
    out += octets > 2 ? digits[bits & 63]! : '=';
  }
  return out;
}

/** Attributes that tell keys or negotiate them: they hold between us and one side, whatever the other has. */
const hopByHop = new Set([
  // RFC 4568, its forerunner [MS-SDPEXT] with a second key, and the word that goes with it.
  'crypto',
  'cryptoscale',
  'encryption',
  // RFC 4567, RFC 6189.
  'key-mgmt',
  'zrtp-hash',
  // RFC 5939, RFC 6871, RFC 7006: numbers in them mean lines that we rewrite.
  'tcap',
  'acap',
  'pcfg',
  'acfg',
  'lcfg',
  'creq',
  'csup',
  'rmcap',
  'omcap',
  'mfcap',
  'mscap',
  'sescap',
  'bcap',
  'ccap',
  'icap',
]);
/** RFC 5763, RFC 8842: of DTLS, which is not spoken on the streams that we write. */
const ofDtls = new Set(['fingerprint', 'setup', 'tls-id']);

/** First letters of all these names, by their length: most attributes are told apart by one look. */
const initials: string[] = [];
for (const { 0: initial, length } of [...hopByHop, ...ofDtls]) initials[length] = (initials[length] ?? '') + initial;

/** The lines without what was agreed on with the side they come from. DTLS is left to streams that pass as they are. */
export function withoutSecurity(lines: readonly SdpLine[], keepDtls: boolean): readonly SdpLine[] {
  for (let i = 0; i < lines.length; i++)
    if (isOfSecurity(lines[i]!, keepDtls)) return lines.filter((line) => !isOfSecurity(line, keepDtls));
  return lines;
}

function isOfSecurity({ type, value }: SdpLine, keepDtls: boolean): boolean {
  if (type !== 'a') return false;
  const colon = value.indexOf(':');
  const length = colon < 0 ? value.length : colon;
  const letters = initials[length];
  if (letters === undefined || !letters.includes(value[0]!.toLowerCase())) return false;
  const name = value.slice(0, length).toLowerCase();
  return hopByHop.has(name) || (!keepDtls && ofDtls.has(name));
}
