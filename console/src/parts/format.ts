import i18next from 'i18next';
import { useTranslation } from 'react-i18next';

const made = new Map<string, unknown>();

/** Formats cost to make, not to use: one of each kind in each language. */
function once<T>(kind: string, options: object, make: () => T): T {
  const key = `${kind} ${i18next.language} ${JSON.stringify(options)}`;
  const format = (made.get(key) as T | undefined) ?? make();
  made.set(key, format);
  return format;
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once('date', options, () => new Intl.DateTimeFormat(i18next.language, options));
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return once('number', options, () => new Intl.NumberFormat(i18next.language, options));
}

/** "14:03:21". */
function clock(at: string | number): string {
  return dates({ timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at));
}

/** "14:03:21.042". */
export function preciseClock(at: string | number): string {
  const time = new Date(at);
  return `${clock(at)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function dateAndTime(at: string | number): string {
  return dates({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at));
}

/** On an axis of times that are a step apart (ms): "14:03:20", "14:03" or "23 Nov". */
function mark(at: number, step: number): string {
  if (step >= 86_400_000) return dates({ month: 'short', day: 'numeric' }).format(at);
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return dates({ ...time, ...(step < 60_000 && { second: '2-digit' }) }).format(at);
}

/** Whose times are shown: "Europe/Berlin". */
function zone(): string {
  return dates({}).resolvedOptions().timeZone;
}

/** "Europe/Berlin, GMT+1", as it is now; "UTC". */
function zoneNow(): string {
  const parts = dates({ timeZoneName: 'shortOffset' }).formatToParts();
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value;
  return zone() === 'UTC' ? 'UTC' : `${zone()}, ${offset}`;
}

function count(value: number): string {
  return numbers({}).format(value);
}

/** One digit behind the point. */
function measure(value: number, digits = 1): string {
  return numbers({ maximumFractionDigits: digits }).format(value);
}

/** 0 to 1 as "98.4 %". */
function percent(share: number): string {
  return numbers({ style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** "0:42", "1:02:03". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long ago in words: "3 minutes ago". */
function ago(at: string | number, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' });
  const steps = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return format.format(seconds, 'second');
}

/** Formats follow the language: who uses them renders again when it changes. */
export function useFormats() {
  useTranslation();
  return { clock, preciseClock, dateAndTime, mark, zone, zoneNow, count, measure, percent, span, ago };
}
