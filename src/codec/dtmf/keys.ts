/** The keys in the order of their event codes (RFC 4733 3.2), and `!`, the hook flash, which no tone stands for. */
const keys = '0123456789*#ABCD!';

/** The event code of a key, 0-16; undefined when it is none. */
export function eventOf(key: string): number | undefined {
  const event = key.length === 1 ? keys.indexOf(key.toUpperCase()) : -1;
  return event < 0 ? undefined : event;
}

/** The key of an event code; undefined for events that nobody dials. */
export function keyOf(event: number): string | undefined {
  return keys[event];
}

/** Events below this have tones: all keys but the hook flash. */
export const toneEvents = 16;

const low = [697, 770, 852, 941];
const high = [1209, 1336, 1477, 1633];
/** Rows and columns of the keypad (ITU-T Q.23). */
const pad = '123A456B789C*0#D';

/** The tones of the keys in Hz: four low, four high. */
export const toneFrequencies: readonly number[] = [...low, ...high];

/** The event code of a pair of tones, each 0-3. */
export function eventOfTones(row: number, column: number): number {
  return keys.indexOf(pad[4 * row + column]!);
}

/** The two tones of an event in Hz, low and high; undefined for those that have none. */
export function tonesOf(event: number): readonly [low: number, high: number] | undefined {
  const at = event < toneEvents ? pad.indexOf(keys[event]!) : -1;
  return at < 0 ? undefined : [low[at >> 2]!, high[at & 3]!];
}
