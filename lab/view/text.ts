import type { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];
/** Colours a text where there is a terminal that can. */
export type Paint = (style: Style, text: string) => string;

/** +4930 23125 112 reads better than +493023125112. */
export function spaced(number: string): string {
  if (!number.startsWith('+')) return number;
  const country = ['+49', '+44', '+33', '+1'].find((code) => number.startsWith(code)) ?? '+';
  const rest = number.slice(country.length);
  const split =
    country === '+1' ? [3, 6] : country === '+33' ? [1, 5] : country === '+49' && rest[0] === '8' ? [2, 7] : [2, 6];
  return [country, rest.slice(0, split[0]), rest.slice(split[0], split[1]), rest.slice(split[1])]
    .filter(Boolean)
    .join(' ');
}

/** 0:07, 12:34. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/** Text that came over the wire or from a log: nothing in it moves a terminal's cursor. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}
