/** A figure, and how it came about. */
export interface Reckoned {
  readonly what: string;
  readonly value: number;
  /** Empty where it is a count or a share. */
  readonly unit: string;
  /** The arithmetic, as one would do it by hand. */
  readonly how: string;
}

export function reckoned(what: string, value: number, unit: string, how: string): Reckoned {
  return { what, value, unit, how };
}

/** A number as people read it: thousands apart, and no more digits than matter. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'no end';
  const size = Math.abs(value);
  const digits = Number.isInteger(value) || size >= 1000 ? 0 : size >= 0.1 ? 2 : 4;
  const [whole, part = ''] = size.toFixed(digits).split('.');
  const decimals = part.replace(/0+$/, '');
  const apart = whole!.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}${apart}${decimals === '' ? '' : `.${decimals}`}`;
}

/** 0.0123 as "1.23 %". */
export function percent(share: number): string {
  return `${figure(share * 100)} %`;
}

/** Ms as minutes or seconds. */
export function span(ms: number): string {
  return ms >= 60_000 ? `${figure(ms / 60_000)} min` : `${figure(ms / 1000)} s`;
}
