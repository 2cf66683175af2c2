import { figure } from '#engine/ports';
import { escaped } from '../escaped.ts';

/*
 * Charts as SVG that needs nothing else: marks are thin, numbers stand beside what they say, colours come from the page (`--c1` to
 * `--c5`) so that they fit light and dark. Texts are anybody's, and never markup.
 */

const width = 720;

export interface BarGroup {
  readonly label: string;
  /** One a series. */
  readonly values: readonly number[];
}

/** Bars that lie, a group for each label. `mark`: a group that stands out in words. */
export function bars(title: string, series: readonly string[], groups: readonly BarGroup[], unit: string): string {
  const thick = 18;
  const gap = 14;
  const left = labelWidth(groups);
  const right = 130;
  const most = Math.max(1e-9, ...groups.flatMap(({ values }) => values));
  const scale = (width - left - right) / most;
  const tall = series.length * (thick + 2) + gap;
  const body = groups
    .map(({ label, values }, at) => {
      const top = at * tall;
      const middle = top + (series.length * (thick + 2)) / 2;
      const drawn = values.map((value, which) => {
        const y = top + which * (thick + 2);
        const long = Math.max(value * scale, value > 0 ? 1 : 0);
        return `<rect x="${left}" y="${y}" width="${round(long)}" height="${thick}" rx="2" fill="var(--c${which + 1})"><title>${escaped(`${label}, ${series[which]}: ${figure(value)} ${unit}`)}</title></rect><text x="${round(left + long + 6)}" y="${y + thick / 2}" class="n">${escaped(`${figure(value)} ${unit}`)}</text>`;
      });
      return `<text x="${left - 8}" y="${round(middle)}" class="l">${escaped(shortened(label))}</text>${drawn.join('')}`;
    })
    .join('');
  return chart(title, series, groups.length * tall, body);
}

/** Bars that lie, each in pieces end to end. */
export function stackedBars(
  title: string,
  series: readonly string[],
  groups: readonly BarGroup[],
  unit: string,
): string {
  const thick = 22;
  const gap = 10;
  const left = labelWidth(groups);
  const right = 110;
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
  const most = Math.max(1e-9, ...groups.map(({ values }) => sum(values)));
  const scale = (width - left - right) / most;
  const body = groups
    .map(({ label, values }, at) => {
      const y = at * (thick + gap);
      let x = left;
      const drawn = values.map((value, which) => {
        const long = value * scale;
        const piece = `<rect x="${round(x)}" y="${y}" width="${round(Math.max(long - 1, 0))}" height="${thick}" fill="var(--c${which + 1})"><title>${escaped(`${label}, ${series[which]}: ${figure(value)} ${unit}`)}</title></rect>`;
        x += long;
        return piece;
      });
      return `<text x="${left - 8}" y="${y + thick / 2}" class="l">${escaped(shortened(label))}</text>${drawn.join('')}<text x="${round(x + 6)}" y="${y + thick / 2}" class="n">${escaped(`${figure(sum(values))} ${unit}`)}</text>`;
    })
    .join('');
  return chart(title, series, groups.length * (thick + gap), body);
}

/** Bars that stand, one for each step along the foot. */
export function columns(title: string, series: readonly string[], groups: readonly BarGroup[], unit: string): string {
  const high = 180;
  const left = 48;
  const most = niceMost(Math.max(0, ...groups.flatMap(({ values }) => values)));
  const each = (width - left - 10) / Math.max(1, groups.length);
  const thick = Math.max(1, (each - 3) / series.length);
  const body = groups
    .map(({ label, values }, at) => {
      const drawn = values.map((value, which) => {
        const tall = (value / most) * high;
        return `<rect x="${round(left + at * each + which * thick)}" y="${round(high - tall)}" width="${round(Math.max(thick - 1, 0.5))}" height="${round(tall)}" fill="var(--c${which + 1})"><title>${escaped(`${label}, ${series[which]}: ${figure(value)} ${unit}`)}</title></rect>`;
      });
      return `${drawn.join('')}<text x="${round(left + at * each + (each - 3) / 2)}" y="${high + 14}" class="m">${escaped(label)}</text>`;
    })
    .join('');
  return chart(title, series, high + 24, `${rules(most, high, left, unit)}${body}`);
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through points in order of `x`, and one of them that stands out in words. */
export function line(
  title: string,
  points: readonly Point[],
  marked: Point & { readonly label: string },
  axes: { readonly x: string; readonly unit: string },
): string {
  const high = 200;
  const left = 56;
  const first = points[0]!.x;
  const last = Math.max(points.at(-1)!.x, first + 1);
  const most = niceMost(Math.max(...points.map(({ y }) => y)));
  const px = (x: number) => round(left + ((x - first) / (last - first)) * (width - left - 20));
  const py = (y: number) => round(high - (y / most) * high);
  const path = points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${px(x)} ${py(y)}`).join('');
  const feet = ticks(first, last).map((x) => `<text x="${px(x)}" y="${high + 16}" class="m">${figure(x)}</text>`);
  const end = px(marked.x) > width / 2;
  const note = `<line x1="${px(marked.x)}" x2="${px(marked.x)}" y1="0" y2="${high}" stroke="var(--c2)" stroke-dasharray="4 3"/><circle cx="${px(marked.x)}" cy="${py(marked.y)}" r="5" fill="var(--c2)"/><text x="${px(marked.x) + (end ? -10 : 10)}" y="14" class="${end ? 'l' : 'n'}">${escaped(marked.label)}</text>`;
  return chart(
    title,
    [],
    high + 40,
    `${rules(most, high, left, axes.unit)}<path d="${path}" fill="none" stroke="var(--c1)" stroke-width="2"/>${feet.join('')}<text x="${(width + left) / 2}" y="${high + 34}" class="m">${escaped(axes.x)}</text>${note}`,
  );
}

function chart(title: string, series: readonly string[], high: number, body: string): string {
  const legend =
    series.length < 2
      ? ''
      : `<div class="legend">${series.map((name, at) => `<span><i style="background:var(--c${at + 1})"></i>${escaped(name)}</span>`).join('')}</div>`;
  return `<figure><figcaption>${escaped(title)}</figcaption>${legend}<svg viewBox="0 -10 ${width} ${Math.ceil(high) + 14}" role="img" aria-label="${escaped(title)}">${body}</svg></figure>`;
}

/** Lines across, with what they stand for. */
function rules(most: number, high: number, left: number, unit: string): string {
  return [0, 0.25, 0.5, 0.75, 1]
    .map((part) => {
      const y = round(high - part * high);
      return `<line x1="${left}" x2="${width}" y1="${y}" y2="${y}" class="rule"/><text x="${left - 6}" y="${y}" class="l">${escaped(`${figure(most * part)}${part === 1 ? ` ${unit}` : ''}`)}</text>`;
    })
    .join('');
}

/** The next number that a scale may well end at. */
function niceMost(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 4, 5, 8, 10].map((step) => step * power).find((step) => step >= value * 0.999)!;
}

function ticks(first: number, last: number): readonly number[] {
  const step = Math.max(1, niceMost((last - first) / 8));
  const found: number[] = [];
  for (let x = Math.ceil(first / step) * step; x <= last; x += step) found.push(x);
  return found;
}

const longestLabel = 26;

function shortened(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label;
}

function labelWidth(groups: readonly BarGroup[]): number {
  const most = Math.max(4, ...groups.map(({ label }) => Math.min(label.length, longestLabel)));
  return most * 7.4 + 12;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
