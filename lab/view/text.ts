import type { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];
/** Colours a text where there is a terminal that can. */
export type Paint = (style: Style, text: string) => string;

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
