import type { Octets } from '#kernel';
import { eventOf, keyOf } from './keys.ts';

/** One key, and for how long it was pressed, in ms. */
export interface Digit {
  readonly key: string;
  readonly ms: number;
}

/** What bodies of INFO that tell a key are called; they are no RFC's. */
export type DigitBody = 'application/dtmf-relay' | 'application/dtmf';

/** Where nothing is said, or nothing that can be (what gateways take it for). */
const usualMs = 250;
const longestMs = 5000;

/** The kind of body that a Content-Type names; undefined when it tells no key. */
export function digitBodyOf(contentType: Octets | undefined): DigitBody | undefined {
  if (contentType === undefined) return undefined;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  return type === 'application/dtmf-relay' || type === 'application/dtmf' ? type : undefined;
}

/** The key that a body tells; undefined when it can't be read. Total. */
export function readDigit(type: DigitBody, body: Octets): Digit | undefined {
  if (type === 'application/dtmf') {
    const key = keyNamed(body.trim());
    return key === undefined ? undefined : { key, ms: usualMs };
  }
  let key: string | undefined;
  let ms = usualMs;
  for (const line of body.slice(0, 256).split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 0) continue;
    const value = line.slice(equals + 1).trim();
    const name = line.slice(0, equals).trim().toLowerCase();
    if (name === 'signal') key = keyNamed(value);
    else if (name === 'duration') ms = durationNamed(value);
  }
  return key === undefined ? undefined : { key, ms };
}

/** The body that tells a key. */
export function writeDigit(type: DigitBody, { key, ms }: Digit): Octets {
  if (type === 'application/dtmf') return key;
  return `Signal=${key}\r\nDuration=${Math.max(1, Math.min(Math.round(ms), longestMs))}\r\n`;
}

/** A key by itself, or by its event code where that has two figures. */
function keyNamed(text: Octets): string | undefined {
  const event = eventOf(text) ?? (text.length === 2 && text[0] === '1' ? Number(text) : undefined);
  return event === undefined ? undefined : keyOf(event);
}

function durationNamed(text: Octets): number {
  const ms = text.length <= 6 ? Number(text) : Number.NaN;
  return Number.isInteger(ms) && ms > 0 ? Math.min(ms, longestMs) : usualMs;
}
