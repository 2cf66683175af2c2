import type { Octets } from '#kernel';
import type { CallLeg } from './call-leg.ts';
import type { MediaBridge } from './media-bridge.ts';

/** What is to be seen of the media of an answered call. */
export interface TalkFacts {
  /** `bypass`: it goes past us. */
  readonly media: 'anchor' | 'bypass';
  /** What each side speaks, as its SDP names it; absent where that cannot be told. */
  readonly codecs: { readonly caller?: string; readonly callee?: string };
  /** Sides whose media is encrypted with us. */
  readonly encrypted?: readonly ('caller' | 'callee')[];
  /** Sides that keep the other one waiting. */
  readonly hold?: readonly ('caller' | 'callee')[];
  /** It sends a fax by T.38. */
  readonly fax?: true;
}

type Leg = Pick<CallLeg, 'side' | 'heard' | 'said'>;

export function talkFacts(
  media: Pick<MediaBridge, 'state'> | undefined,
  { caller, callee }: { readonly caller: Leg; readonly callee: Leg },
): TalkFacts {
  const streams = media?.state.streams ?? [];
  const holds = ({ side, heard }: Leg) =>
    media ? streams.length > 0 && streams.every((stream) => keepsWaiting(stream[side].direction)) : isHold(heard);
  const sides = [caller, callee].map((leg, i) => ({ leg, name: i === 0 ? ('caller' as const) : ('callee' as const) }));
  const hold = sides.filter(({ leg }) => holds(leg)).map(({ name }) => name);
  const encrypted = sides
    .filter(({ leg }) => streams.some((stream) => stream[leg.side].receive !== undefined))
    .map(({ name }) => name);
  const [ofCaller, ofCallee] = [codecOf(caller), codecOf(callee)];
  return {
    media: media ? 'anchor' : 'bypass',
    codecs: {
      ...(ofCaller === undefined ? {} : { caller: ofCaller }),
      ...(ofCallee === undefined ? {} : { callee: ofCallee }),
    },
    ...(encrypted.length > 0 ? { encrypted } : {}),
    ...(hold.length > 0 ? { hold } : {}),
    ...(streams.some(({ udptl }) => udptl) ? { fax: true as const } : {}),
  };
}

function keepsWaiting(direction: string): boolean {
  return direction === 'sendonly' || direction === 'inactive';
}

/** RFC 3264 8.4, as the side has said it last. */
function isHold(sdp: Octets): boolean {
  return sdp.includes('\na=sendonly') || sdp.includes('\na=inactive');
}

/** The first that the peer has named, of those that we have as well: whoever of the two has answered. */
function codecOf({ heard, said = '' }: Leg): string | undefined {
  const ours = new Set(codecsIn(said));
  const theirs = codecsIn(heard);
  // Until we have said anything, what it would like best.
  return ours.size === 0 ? theirs[0] : theirs.find((name) => ours.has(name));
}

/** Payload types without rtpmap (RFC 3551 6). */
const fixed: Readonly<Record<string, string>> = { 0: 'PCMU', 3: 'GSM', 4: 'G723', 8: 'PCMA', 9: 'G722', 18: 'G729' };
/** Formats of one line that are looked at. */
const mostFormats = 32;

/** What the first stream of an SDP may be spoken in, but for digits and comfort noise; upper case. By a scan: it is asked often. */
function codecsIn(sdp: Octets): readonly string[] {
  const begin = sdp.startsWith('m=') ? 0 : sdp.indexOf('\nm=') + 1;
  if (begin === 0 && !sdp.startsWith('m=')) return [];
  const end = sdp.indexOf('\n', begin);
  const line = sdp.slice(begin, end < 0 ? undefined : end).trimEnd();
  const next = sdp.indexOf('\nm=', begin);
  const part = sdp.slice(begin, next < 0 ? undefined : next);
  const names: string[] = [];
  for (const format of line.split(' ', 3 + mostFormats).slice(3)) {
    const at = part.indexOf(`\na=rtpmap:${format} `);
    const from = at + `\na=rtpmap:${format} `.length;
    const slash = at < 0 ? -1 : part.indexOf('/', from);
    const name = slash < 0 ? (fixed[format] ?? format) : part.slice(from, slash).toUpperCase();
    if (name !== 'TELEPHONE-EVENT' && name !== 'CN' && format !== '13') names.push(name);
  }
  return names;
}
