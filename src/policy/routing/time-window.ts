import type { TimeWindow } from '#policy/configuration';

const day = 1440;
const days: Readonly<Record<string, number>> = { Sun: 0, Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6 };
/** A formatter is dear, and one each of few zones is enough. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether a time, Unix ms, is within a window, as the clocks of its zone show it. */
export function holdsAt({ days: on, from, to, zone }: TimeWindow, at: number): boolean {
  const local = localTime(zone, at);
  if (from < to) return on.includes(local.day) && local.minute >= from && local.minute < to;
  // Past midnight: the day is that of its beginning.
  if (local.minute >= from) return on.includes(local.day);
  return local.minute < to && on.includes((local.day + 6) % 7);
}

/** The day of the week and the minute of the day. */
function localTime(zone: string, at: number): { readonly day: number; readonly minute: number } {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    });
    formatters.set(zone, formatter);
  }
  const parts = formatter.formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return { day: days[part('weekday')] ?? 0, minute: (Number(part('hour')) * 60 + Number(part('minute'))) % day };
}
