import type { Octets } from '#kernel';
import { isUnspecified } from './inspect.ts';
import type { MediaDescription, SdpLine, SessionDescription } from './model.ts';

/** Where we listen for the peer that the description goes to. */
export interface Anchor {
  readonly host: string;
  readonly port: number;
  readonly rtcpPort: number;
  /** The address of nowhere is told in place of `host` (RFC 2543 hold), or is not; as the description says unless given. */
  readonly held?: boolean;
}

/** What is written over a description on its way from one side to the other. */
export interface Anchoring {
  readonly origin: {
    readonly username: string;
    readonly sessionId: string;
    readonly version: string;
    readonly host: string;
  };
  /** One for each m=, in order; without one the stream goes out refused, with port 0. */
  readonly media: readonly (Anchor | undefined)[];
}

/**
 * Attributes that offer other ways to the hidden side than through us, or make sense with those only: ICE (RFC 8839) and its
 * forerunners.
 */
const ways = new Set([
  'candidate',
  'remote-candidates',
  'end-of-candidates',
  'ice-ufrag',
  'ice-pwd',
  'ice-options',
  'ice-lite',
  'ice-mismatch',
  'ice-pacing',
  'alt',
  'x-candidate',
  'altc',
]);

/**
 * The description as the other side may see it: our origin, our addresses and ports, and no trace of where it came from. Lines
 * that name the session or its people go, and so does any other line in which one of the hidden addresses stands; all
 * else keeps its place and its octets. A stream that has port 0 keeps it; c= "0.0.0.0" (hold of RFC 2543) stays one unless
 * an anchor says otherwise.
 */
export function anchored(sdp: SessionDescription, anchoring: Anchoring): SessionDescription {
  const { origin } = anchoring;
  const hidden = hiddenAddresses(sdp, anchoring);
  // The session's c= speaks for the streams without their own.
  const host = anchoring.media.find((anchor) => anchor !== undefined)?.host ?? origin.host;
  const held =
    isUnspecified(sdp.connection?.address ?? '') && !anchoring.media.some((anchor) => anchor?.held === false);
  const lines: SdpLine[] = [];
  for (let i = 0; i < sdp.lines.length; i++) {
    const line = sdp.lines[i]!;
    switch (line.type) {
      case 'o':
        lines.push({
          type: 'o',
          value: `${origin.username} ${origin.sessionId} ${origin.version} ${network(origin.host)}`,
        });
        break;
      case 's':
        lines.push(nameless);
        break;
      case 'c':
        lines.push(connectionLine(host, held));
        break;
      default:
        if (passes(line, hidden)) lines.push(line);
    }
  }
  const media = sdp.media.map((stream, index) =>
    anchorStream(sdp, stream, anchoring.media[index], { host, held }, hidden),
  );
  return {
    lines,
    origin: {
      username: origin.username,
      sessionId: origin.sessionId,
      version: origin.version,
      netType: 'IN',
      addressType: addressType(origin.host),
      address: origin.host,
    },
    connection: sdp.connection && connectionTo(host, held),
    media,
  };
}

const nameless: SdpLine = { type: 's', value: '-' };

function anchorStream(
  sdp: SessionDescription,
  stream: MediaDescription,
  anchor: Anchor | undefined,
  session: { readonly host: string; readonly held: boolean },
  hidden: Hidden,
): MediaDescription {
  const formats = stream.formats.some((format) => names(format, hidden))
    ? stream.formats.filter((format) => !names(format, hidden))
    : stream.formats;
  const live = stream.port !== 0 && anchor !== undefined && formats.length > 0;
  const host = anchor?.host ?? session.host;
  const own = stream.connection;
  const held = anchor?.held ?? isUnspecified((own ?? sdp.connection)?.address ?? '');
  // Where the session's c= would say another host, or there is none, the stream gets one of its own.
  const differs = sdp.connection === undefined || host !== session.host || held !== session.held;
  const needsOwn = own !== undefined || (live && differs);
  const lines: SdpLine[] = [];
  let connected = !needsOwn;
  let rtcp = !live || anchor.rtcpPort === anchor.port + 1;
  for (let i = 0; i < stream.lines.length; i++) {
    const line = stream.lines[i]!;
    if (line.type === 'i') continue;
    if (!connected) {
      // i= and c= come first (RFC 8866 5).
      connected = true;
      lines.push(connectionLine(host, held));
    }
    if (line.type === 'c') continue;
    if (line.type === 'a' && line.value.startsWith('rtcp:')) {
      if (live) lines.push(rtcpLine(anchor, line.value.includes(' ')));
      rtcp = true;
      continue;
    }
    if (passes(line, hidden)) lines.push(line);
  }
  if (!connected) lines.push(connectionLine(host, held));
  if (!rtcp && anchor !== undefined) lines.push(rtcpLine(anchor, false));
  return {
    media: stream.media,
    port: live ? anchor.port : 0,
    portCount: undefined,
    protocol: stream.protocol,
    formats,
    connection: needsOwn ? connectionTo(host, held) : undefined,
    lines,
  };
}

/** RFC 3605. */
function rtcpLine(anchor: Anchor, address: boolean): SdpLine {
  return { type: 'a', value: `rtcp:${anchor.rtcpPort}${address ? ` ${network(anchor.host)}` : ''}` };
}

function passes(line: SdpLine, hidden: Hidden): boolean {
  switch (line.type) {
    // Title, page, mail, telephone, and the key that RFC 8866 5.12 bids discard.
    case 'i':
    case 'u':
    case 'e':
    case 'p':
    case 'k':
      return false;
    case 'a':
      if (isWay(line.value)) return false;
  }
  return !names(line.value, hidden);
}

function isWay(attribute: Octets): boolean {
  // Letters that one of the names begins with: most attributes are told apart by one look.
  const first = attribute.charCodeAt(0) | 0x20;
  if (first !== 0x63 && first !== 0x69 && first !== 0x72 && first !== 0x65 && first !== 0x61 && first !== 0x78)
    return false;
  const colon = attribute.indexOf(':');
  return ways.has((colon < 0 ? attribute : attribute.slice(0, colon)).toLowerCase());
}

/**
 * Addresses sought in other lines: more than any phone has, few enough that a thousand candidates make no thousand searches a
 * line. Lines that exist to name an address go or are rewritten however many they are.
 */
const mostHidden = 64;

interface Hidden {
  /** Lower case. */
  readonly addresses: readonly string[];
  /** One of them has letters, which may be written in either case. */
  readonly lettered: boolean;
}

/** Every address by which the description names its side, but for those that are ours and those of nowhere. */
function hiddenAddresses(sdp: SessionDescription, anchoring: Anchoring): Hidden {
  const addresses: string[] = [];
  let lettered = false;
  const hide = (written: string | undefined) => {
    if (written === undefined || addresses.length === mostHidden) return;
    const address = written.toLowerCase();
    if (!tells(address) || isUnspecified(address) || addresses.includes(address)) return;
    if (address === anchoring.origin.host) return;
    for (const anchor of anchoring.media) if (anchor?.host === address) return;
    addresses.push(address);
    lettered ||= hasLetter(address);
  };
  hide(sdp.origin.address);
  hide(sdp.connection?.address);
  for (const stream of sdp.media) hide(stream.connection?.address);
  for (const stream of sdp.media) {
    for (let i = 0; i < stream.lines.length; i++) {
      const { type, value } = stream.lines[i]!;
      if (type !== 'a') continue;
      if (value.startsWith('rtcp:')) hide(value.split(' ')[3]);
      else if (value.startsWith('candidate:')) {
        const fields = value.split(' ');
        hide(fields[4]);
        const related = fields.indexOf('raddr');
        if (related > 0) hide(fields[related + 1]);
      }
    }
  }
  return { addresses, lettered };
}

/** Long enough, and more than a number: "0" or "-" in place of an address names nobody and occurs in every line. */
function tells(address: string): boolean {
  return address.length > 2 && (address.includes('.') || address.includes(':') || hasLetter(address));
}

function hasLetter(lower: string): boolean {
  for (let i = 0; i < lower.length; i++) if (lower.charCodeAt(i) >= 0x61) return true;
  return false;
}

function names(value: Octets, { addresses, lettered }: Hidden): boolean {
  const text = lettered ? value.toLowerCase() : value;
  for (let i = 0; i < addresses.length; i++) if (text.includes(addresses[i]!)) return true;
  return false;
}

const addressType = (host: string) => (host.includes(':') ? 'IP6' : 'IP4');
const network = (host: string) => `IN ${addressType(host)} ${host}`;

function connectionTo(host: string, held: boolean) {
  const type = addressType(host);
  return { addressType: type, address: held ? (type === 'IP6' ? '::' : '0.0.0.0') : host } as const;
}

function connectionLine(host: string, held: boolean): SdpLine {
  return { type: 'c', value: network(connectionTo(host, held).address) };
}
