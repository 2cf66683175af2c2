import type { DigitsPlan, StreamSidePlan } from '#codec/media-control';
import { isCodec, type MediaDescription, type RtpFormat } from '#codec/sdp';
import { type Agreed, type Codecs, isEvent, takesEvent } from './media-codecs.ts';
import type { BridgeSide, MediaBridgeState, SideState, StreamState } from './media-state.ts';

/** The usual payload type, and what is taken where it is taken. */
const usualType = 101;
/** Keys and the hook flash (RFC 4733 3.2). */
const events = '0-16';

/**
 * What a side is offered: telephone-event of every clock rate of its audio (RFC 4733 2.1), where its trunk wants keys so and the
 * other side has not said it. So is a side that nothing is said of, when the other has a form of its own: everybody knows
 * events, and who does not take them gets keys as they come.
 */
export function withEvents(
  codecs: Codecs | undefined,
  other: Codecs | undefined,
  media: MediaDescription,
  formats: readonly RtpFormat[],
): { readonly media: MediaDescription; readonly formats: readonly RtpFormat[] } {
  const isWanted = codecs?.dtmf === undefined ? other?.dtmf && takesEvent(codecs) : codecs.dtmf === 'rtp-event';
  if (!isWanted || media.media !== 'audio') return { media, formats };
  const known = formats.filter(isEvent).map(rateOf);
  const missing = audioRates(formats).filter((rate) => !known.includes(rate));
  return added(media, formats, missing);
}

/** What is made of an answer: see `crossed`. */
export interface Crossed {
  readonly media: MediaDescription;
  readonly formats: readonly Agreed[];
  /** What the answerer has agreed to, where the offerer hears something else. */
  readonly own?: readonly Agreed[];
  readonly keys?: { readonly offerer: readonly number[]; readonly answerer: readonly number[] };
}

/**
 * An answer as the offerer is to see it, where one side has its own form of keys: without telephone-event that it did not offer,
 * and with what it did offer, whatever the answerer takes. `own`: what the answerer takes; `formats`: that of it which the
 * offerer's trunk takes too; `offered`: what the offerer has said.
 */
export function crossed(
  media: MediaDescription,
  own: readonly Agreed[],
  formats: readonly Agreed[],
  offered: readonly RtpFormat[],
  codecs: readonly (Codecs | undefined)[],
): Crossed {
  if (media.media !== 'audio' || codecs.every((one) => one?.dtmf === undefined)) return { media, formats };
  const kept = formats.filter((format) => !isEvent(format) || offered.some(({ key }) => key === format.key));
  const missing = offered
    .filter((format) => isEvent(format) && !kept.some(({ key }) => key === format.key))
    .map(rateOf);
  const rates = audioRates(kept);
  const fitting = missing.filter((rate) => rates.includes(rate));
  // Some offer one of 8000 Hz with whatever they speak.
  const wanted = fitting.length > 0 || kept.some(isEvent) ? fitting : missing;
  const shown = added(media, kept, wanted);
  const keys = { offerer: shown.formats.filter(isEvent).map(rateOf), answerer: own.filter(isEvent).map(rateOf) };
  return { ...shown, own, keys };
}

/** Takes over what an answer has made of the keys of a stream. */
export function noteKeys(stream: StreamState, offerer: BridgeSide, answered: Crossed | undefined): void {
  delete stream.keys;
  if (!answered?.keys) return;
  const { offerer: asked, answerer } = answered.keys;
  const law = answered.formats.find(({ name }) => name === 'pcma' || name === 'pcmu')?.name;
  const both = offerer === 'a' ? { a: asked, b: answerer } : { a: answerer, b: asked };
  stream.keys = law === undefined ? both : { ...both, law: law === 'pcma' ? 'PCMA' : 'PCMU' };
}

/** True when the side takes events, and one of both has a form of its own. */
export function takesKeys({ streams }: Pick<MediaBridgeState, 'streams'>, side: BridgeSide): boolean {
  return streams.some(({ keys }) => keys !== undefined && keys[side].length > 0);
}

/** What becomes of the keys that a side presses, for the media process; nothing where they go on as they come. */
export function digitsPlan(
  { a, b }: Pick<MediaBridgeState, 'a' | 'b'>,
  stream: StreamState,
  of: BridgeSide,
): Pick<StreamSidePlan, 'digits' | 'clockRates'> {
  const { keys } = stream;
  if (!keys || stream.udptl) return {};
  const to = of === 'a' ? 'b' : 'a';
  const sides = { a: a.codecs?.dtmf, b: b.codecs?.dtmf };
  const [sent, taken] = [keys[of], keys[to]];
  const from = sides[of];
  const other = sides[to] ?? (taken.length > 0 ? 'rtp-event' : undefined);
  const as = asWhat(other, taken);
  const isHeard = from === 'inband' || (sent.length === 0 && (from === undefined || from === 'rtp-event'));
  // Towards who has no form and takes no events tones stay what they are, and so do a modem's.
  const tones = isHeard && as !== 'tones' && other !== undefined && !stream.modem;
  const needsNothing =
    as === 'told'
      ? sent.length === 0 && !tones
      : other === undefined && sent.every((rate) => as === 'events' && taken.includes(rate));
  if (needsNothing) return {};
  const digits: DigitsPlan = {
    as,
    ...(sent.length > 0 ? { events: eventTypes(stream[of], sent) } : {}),
    ...(tones ? { tones } : {}),
    ...(as === 'events' ? { eventTypes: wantedTypes(stream[to], taken) } : {}),
    ...(as === 'tones' && keys.law ? { law: keys.law } : {}),
  };
  const clockRates = ratesOf(stream[of]);
  return { digits, ...(clockRates ? { clockRates } : {}) };
}

function asWhat(wanted: Codecs['dtmf'] | undefined, taken: readonly number[]): DigitsPlan['as'] {
  if (wanted === 'info' || wanted === 'info-dtmf') return 'told';
  return wanted === 'inband' || taken.length === 0 ? 'tones' : 'events';
}

function eventTypes({ types, heard }: SideState, rates: readonly number[]): Record<number, number> {
  const numbers: Record<number, number> = {};
  for (const rate of rates)
    for (const type of [types?.[keyOf(rate)], heard?.[keyOf(rate)]]) if (type !== undefined) numbers[type] = rate;
  return numbers;
}

function wantedTypes({ types, heard }: SideState, rates: readonly number[]): Record<number, number> {
  const numbers: Record<number, number> = {};
  for (const rate of rates) {
    const type = heard?.[keyOf(rate)] ?? types?.[keyOf(rate)];
    if (type !== undefined) numbers[rate] = type;
  }
  return numbers;
}

/** Clock rates of what the side says, but for those that RFC 3551 tells; undefined when there are none. */
function ratesOf({ types = {}, heard = {} }: SideState): Record<number, number> | undefined {
  const rates: Record<number, number> = {};
  for (const known of [types, heard])
    for (const [key, type] of Object.entries(known)) {
      const rate = rateOf({ key });
      if (!key.startsWith('telephone-event/') && rate > 0) rates[type] = rate;
    }
  return Object.keys(rates).length > 0 ? rates : undefined;
}

const keyOf = (rate: number) => `telephone-event/${rate}`;

/** Hz, of a key such as "opus/48000/2"; 0 when it tells none. */
function rateOf({ key }: Pick<RtpFormat, 'key'>): number {
  return Number.parseInt(key.slice(key.indexOf('/') + 1), 10) || 0;
}

function audioRates(formats: readonly RtpFormat[]): readonly number[] {
  return [...new Set(formats.filter(isCodec).map(rateOf))].filter((rate) => rate >= 8000);
}

/** The stream with telephone-event of these clock rates, under payload types that nothing in it has. */
function added<Format extends RtpFormat>(
  media: MediaDescription,
  formats: readonly Format[],
  rates: readonly number[],
): { readonly media: MediaDescription; readonly formats: readonly (Format | RtpFormat)[] } {
  if (rates.length === 0) return { media, formats };
  const used = new Set(media.formats);
  const more = rates.map((rate): RtpFormat => {
    let type = usualType;
    while (used.has(String(type))) type = type === 127 ? 96 : type + 1;
    used.add(String(type));
    return { type: String(type), name: 'telephone-event', key: keyOf(rate) };
  });
  const lines = more.flatMap(({ type, key }) => [
    { type: 'a', value: `rtpmap:${type} ${key}` },
    { type: 'a', value: `fmtp:${type} ${events}` },
  ]);
  const types = more.map(({ type }) => type);
  return {
    media: { ...media, formats: [...media.formats, ...types], lines: [...media.lines, ...lines] },
    formats: [...formats, ...more],
  };
}
