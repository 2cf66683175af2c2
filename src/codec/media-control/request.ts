import { eventOf } from '#codec/dtmf';
import { readSdesKey, type SdesKey } from '#codec/srtp';
import { highestFrequency, longestTone, lowestFrequency, maxFrequencies, maxTones, shortestTone } from '#codec/tones';
import type { MediaRemote, MediaRequest, SessionPlan, SrtpPlan, StreamPlan, StreamSidePlan } from './messages.ts';

/** Streams a session may have. */
export const maxStreams = 32;
/** Ms of sound in a packet. */
const shortestPacket = 5;
const longestPacket = 200;
/** Ms that a key is pressed. */
const longestKey = 60_000;
/** Ms, and octets, of a capture. */
const longestCapture = 86_400_000;
const largestCapture = 1e12;
const longestCaptureName = 100;

export interface BadMediaRequest {
  readonly id: number;
  readonly fault: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Tells whether a decoded frame is a request. Total. Undefined when it carries no id, so that nobody could be
 * answered. Unknown members are let be: the other side may be newer.
 */
export function readMediaRequest(value: unknown): MediaRequest | BadMediaRequest | undefined {
  if (!isFields(value) || !isNatural(value.id)) return undefined;
  const id = value.id;
  const fault = faultOf(value);
  return fault === undefined ? (value as unknown as MediaRequest) : { id, fault };
}

function faultOf(request: Fields): string | undefined {
  switch (request.kind) {
    case 'apply':
      return isPlan(request.plan) ? undefined : 'not a session plan';
    case 'close':
      return isName(request.session) ? undefined : 'not a session name';
    case 'counters':
      if (request.course !== undefined && typeof request.course !== 'boolean') return 'course is no boolean';
      return isArrayOf(request.sessions, isName) ? undefined : 'not a list of session names';
    case 'press':
      return isPress(request) ? undefined : 'not a key';
    case 'list':
    case 'stats':
      return undefined;
    default:
      return 'unknown kind of request';
  }
}

function isPress({ session, from, key, ms }: Fields): boolean {
  if (!isName(session) || (from !== 'a' && from !== 'b')) return false;
  return typeof key === 'string' && eventOf(key) !== undefined && isBetween(ms, 1, longestKey);
}

function isPlan(value: unknown): value is SessionPlan {
  if (!isFields(value) || !isName(value.session) || !isNatural(value.silenceMs)) return false;
  const streams = value.streams;
  if (!isArrayOf(streams, isStream) || streams.length > maxStreams) return false;
  if (value.capture !== undefined && !isCapture(value.capture)) return false;
  return new Set(streams.map((stream) => stream.stream)).size === streams.length;
}

/** Its name becomes one of a file: nothing in it leads out of the directory. */
function isCapture(value: unknown): boolean {
  if (!isFields(value) || !isBetween(value.ms, 1, longestCapture) || !isBetween(value.octets, 1, largestCapture))
    return false;
  return typeof value.name === 'string' && value.name.length <= longestCaptureName && fileName.test(value.name);
}

const fileName = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

function isStream(value: unknown): value is StreamPlan {
  if (!isFields(value) || !isNatural(value.stream) || typeof value.media !== 'string') return false;
  const { a, b, protocol } = value;
  if (!isSide(a) || !isSide(b)) return false;
  return protocol === undefined || (protocol === 'udptl' && a.srtp === undefined && b.srtp === undefined);
}

function isSide(value: unknown): value is StreamSidePlan {
  if (!isFields(value)) return false;
  const {
    interface: name,
    remote,
    sends,
    revision,
    clockRates,
    payloadTypes,
    redundant,
    srtp,
    dscp,
    play,
    digits,
    events,
  } = value;
  if (name !== 'internal' && name !== 'external') return false;
  if (remote !== undefined && !isRemote(remote)) return false;
  if (clockRates !== undefined && !(isFields(clockRates) && Object.values(clockRates).every(isNatural))) return false;
  if (payloadTypes !== undefined && !(isFields(payloadTypes) && Object.entries(payloadTypes).every(areTypes)))
    return false;
  if (redundant !== undefined && !isArrayOf(redundant, isPayloadType)) return false;
  if (srtp !== undefined && !isSrtp(srtp)) return false;
  if (dscp !== undefined && !(isNatural(dscp) && dscp <= 63)) return false;
  if (play !== undefined && !isPlay(play)) return false;
  if (digits !== undefined && !isDigits(digits)) return false;
  if (events !== undefined && !isArrayOf(events, isPayloadType)) return false;
  return typeof sends === 'boolean' && isNatural(revision);
}

function isDigits(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { as, events = {}, eventTypes = {}, law } = value;
  if (as !== 'events' && as !== 'tones' && as !== 'told') return false;
  if (law !== undefined && law !== 'PCMA' && law !== 'PCMU') return false;
  if (!isFields(events) || !isFields(eventTypes)) return false;
  const pairs = Object.entries(eventTypes).map(([rate, type]): [unknown, unknown] => [type, Number(rate)]);
  for (const [type, rate] of Object.entries(events)) pairs.push([Number(type), rate]);
  return pairs.every(([type, rate]) => isPayloadType(type) && isBetween(rate, 8000, 192_000));
}

function isPlay(value: unknown): boolean {
  if (!isFields(value)) return false;
  const { codec, payloadType, ptime, tones } = value;
  if ((codec !== 'PCMA' && codec !== 'PCMU') || !isPayloadType(payloadType)) return false;
  if (!isBetween(ptime, shortestPacket, longestPacket) || !Array.isArray(tones)) return false;
  return tones.length > 0 && tones.length <= maxTones && tones.every(isTone);
}

function isTone(value: unknown): boolean {
  if (!isFields(value) || !isBetween(value.ms, shortestTone, longestTone) || !Array.isArray(value.hz)) return false;
  return value.hz.length <= maxFrequencies && value.hz.every((hz) => isBetween(hz, lowestFrequency, highestFrequency));
}

function isSrtp(value: unknown): value is SrtpPlan {
  if (!isFields(value)) return false;
  return isSrtpKey(value.send) && (value.receive === undefined || isSrtpKey(value.receive));
}

function isSrtpKey(value: unknown): boolean {
  if (!isFields(value) || typeof value.suite !== 'string' || typeof value.inline !== 'string') return false;
  if (value.mki !== undefined && !isFields(value.mki)) return false;
  return readSdesKey(value as unknown as SdesKey) !== undefined;
}

function isRemote(value: unknown): value is MediaRemote {
  return isFields(value) && isAddress(value.rtp) && isAddress(value.rtcp);
}

function isAddress(value: unknown): boolean {
  return isFields(value) && typeof value.host === 'string' && isNatural(value.port) && value.port <= 65535;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return isNatural(value) && (value as number) >= least && (value as number) <= most;
}

function areTypes([from, to]: readonly [string, unknown]): boolean {
  return isPayloadType(Number(from)) && isPayloadType(to);
}

function isPayloadType(value: unknown): value is number {
  return isNatural(value) && (value as number) < 128;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isArrayOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is T[] {
  return Array.isArray(value) && value.every(isOne);
}
