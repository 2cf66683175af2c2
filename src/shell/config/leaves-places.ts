import { leaf } from './leaves.ts';
import { type Fault, fault } from './problems.ts';

/** Kinds of single values that places, links and times bring along. */

const units: Readonly<Record<string, number>> = {
  'kbit/s': 1,
  kbps: 1,
  'Mbit/s': 1000,
  Mbps: 1000,
  'Gbit/s': 1e6,
  Gbps: 1e6,
};

/** One way, kbit/s. 0 is taken whatever `least` is. */
export const bandwidthOf = (least: number) =>
  leaf(
    (text) => {
      const match = /^(\d{1,7}(?:\.\d{1,3})?) ?([A-Za-z/]+)?$/.exec(text);
      const unit = match?.[2] === undefined ? undefined : units[match[2]];
      if (match && (unit !== undefined || Number(match[1]) === 0)) {
        const value = Math.round(Number(match[1]) * (unit ?? 1));
        if (value === 0 || value >= least) return { value };
        return fault(
          'TDM-1121',
          `${text} is too little for one call.`,
          `Give at least ${least} kbit/s, or 0 for none.`,
        );
      }
      const bare = match && match[2] === undefined;
      return fault(
        'TDM-1121',
        bare ? `${text} has no unit.` : `"${text.slice(0, 80)}" is not a bandwidth.`,
        bare ? `Write ${text} kbit/s.` : undefined,
      );
    },
    { title: 'bandwidth', examples: ['2000 kbit/s', '2 Mbit/s'] },
  );

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** What ISO 3166-1 has no country for. */
const noCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

function isCountry(text: string): boolean {
  return /^[A-Z]{2}$/.test(text) && !noCountries.has(text) && regions.of(text) !== undefined;
}

export const country = () =>
  leaf(
    (text) =>
      isCountry(text)
        ? { value: text }
        : fault(
            'TDM-1124',
            `"${text.slice(0, 80)}" is not the code of a country.`,
            isCountry(text.toUpperCase()) ? `Write ${text.toUpperCase()}.` : undefined,
          ),
    { title: 'country', examples: ['US', 'DE'] },
  );

export const zone = () =>
  leaf(
    (text) => {
      try {
        return { value: new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone };
      } catch {
        return fault('TDM-1125', `"${text.slice(0, 80)}" is not a time zone.`);
      }
    },
    { title: 'time zone', examples: ['Europe/Berlin', 'UTC'] },
  );

/** Minutes of the day. */
export const timeOfDay = () =>
  leaf(
    (text) => {
      const match = /^(\d{1,2}):(\d\d)$/.exec(text);
      const minutes = Number(match?.[1]) * 60 + Number(match?.[2]);
      return match && Number(match[2]) < 60 && minutes <= 1440
        ? { value: minutes }
        : fault('TDM-1125', `"${text.slice(0, 80)}" is not a time of the day.`, 'Write 08:00 or 17:30, up to 24:00.');
    },
    { title: 'time', examples: ['08:00', '24:00'] },
  );

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Days of the week, 0 is Sunday: `mon`, `mon-fri`, `sat-sun`. */
export const days = () =>
  leaf(
    (text) => {
      const [first, last] = text
        .toLowerCase()
        .split('-')
        .map((name) => dayNames.indexOf(name)) as [number, number?];
      if (first < 0 || last === -1 || text.split('-').length > 2)
        return fault('TDM-1125', `"${text.slice(0, 80)}" are no days.`, 'Write mon, mon-fri, or a list of such.');
      const count = last === undefined ? 1 : ((last - first + 7) % 7) + 1;
      return { value: Array.from({ length: count }, (_, i) => (first + i) % 7) };
    },
    { title: 'days', examples: ['mon-fri', 'sat'] },
  );

function readMoment(text: string): { value: number } | Fault {
  const match = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const value = match ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  return Number.isNaN(value)
    ? fault('TDM-1125', `"${text.slice(0, 80)}" is not a time.`, 'Write 2026-03-02T09:00+01:00, with its offset.')
    : { value };
}

/** Unix ms. */
export const moment = () => leaf(readMoment, { title: 'date and time', examples: ['2026-03-02T09:00+01:00'] });

/** Not to be used: `true`, or until a time. */
export const disabled = () =>
  leaf(
    (text): { value: { readonly until?: number } | undefined } | Fault => {
      if (text === 'false') return { value: undefined };
      if (text === 'true') return { value: {} };
      if (!text.startsWith('until '))
        return fault(
          'TDM-1125',
          `"${text.slice(0, 80)}" does not say whether it is disabled.`,
          'Write true, false, or until 2026-03-02T09:00+01:00.',
        );
      const until = readMoment(text.slice('until '.length).trim());
      return 'value' in until ? { value: { until: until.value } } : until;
    },
    { title: 'disabled', examples: ['true', 'until 2026-03-02T09:00+01:00'] },
  );
