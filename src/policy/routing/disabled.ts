import type { Disabled } from '#policy/configuration';

/** What the trace says of something that is not to be used now; undefined: it is. `at`: Unix ms; undefined: the time does not count. */
export function disabledNow(disabled: Disabled | undefined, at: number | undefined): string | undefined {
  if (!disabled) return undefined;
  const { until } = disabled;
  if (until === undefined) return 'it is disabled';
  return at === undefined || at >= until ? undefined : `it is disabled until ${new Date(until).toISOString()}`;
}
