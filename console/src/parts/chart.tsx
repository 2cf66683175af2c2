import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import UPlot from 'uplot';
import { useFormats } from './format.ts';

export interface ChartLine {
  readonly name: string;
  /** A colour of frame.css: "accent". */
  readonly tone: string;
}

/** Lines over time. `at`: Unix seconds; null: there is no value. What it shows is said beside it in words or a table. */
export function Chart({
  label,
  at,
  lines,
  values,
  said,
  height = 180,
}: {
  label: string;
  at: readonly number[];
  lines: readonly ChartLine[];
  values: readonly (readonly (number | null)[])[];
  /** A value in words, with its unit; null: there is none. */
  said?: (value: number | null) => string;
  height?: number;
}) {
  const { t, i18n } = useTranslation();
  const { dateAndTime, mark } = useFormats();
  const { ref, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const scheme = useComputedColorScheme();
  const data = [at, ...values] as unknown as UPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  const saying = useRef(said);
  saying.current = said;
  const names = lines.map(({ name, tone }) => `${name}\n${tone}`).join('\n\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are of the scheme
  useEffect(() => {
    if (width === 0 || !place.current) return;
    const styles = getComputedStyle(document.documentElement);
    const colour = (name: string) => styles.getPropertyValue(`--tandem-${name}`).trim();
    const axis: UPlot.Axis = {
      stroke: colour('quiet'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1 },
      font: '12px system-ui',
    };
    const made = new UPlot(
      {
        width,
        height,
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, (high ?? 0) * 1.1)] } },
        axes: [
          {
            ...axis,
            // "14:03:20", and some room before the next.
            space: 72,
            values: (_plot: UPlot, times: number[], _axis: number, _space: number, step: number) =>
              times.map((time) => mark(time * 1000, step * 1000)),
          },
          {
            ...axis,
            size: saying.current ? 64 : 46,
            ...(saying.current && {
              values: (_plot: UPlot, marks: number[]) => marks.map((value) => saying.current!(value)),
            }),
          },
        ],
        series: [
          {
            label: t('common.time'),
            value: (_plot: UPlot, time: number | null) => (time === null ? '–' : dateAndTime(time * 1000)),
          },
          ...names.split('\n\n').map((line) => {
            const [name = '', tone = 'accent'] = line.split('\n');
            return {
              label: name,
              stroke: colour(tone),
              width: 2,
              spanGaps: false,
              points: { size: 5 },
              value: (_plot: UPlot, value: number | null, _series: number, index: number | null) =>
                index === null ? '–' : (saying.current?.(value) ?? (value === null ? '–' : String(value))),
            };
          }),
        ],
        legend: { live: true },
      },
      latest.current,
      place.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = undefined;
    };
  }, [width, height, names, scheme, i18n.language]);
  useEffect(() => {
    plot.current?.setData(data);
  });
  return (
    <div ref={ref} role="img" aria-label={label}>
      <div ref={place} />
    </div>
  );
}
