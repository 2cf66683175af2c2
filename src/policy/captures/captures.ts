import type { Octets } from '#kernel';
import { type Configuration, type MediaCaptureConfiguration, siteOf } from '#policy/configuration';

/** What the next call that fits is to be captured for. Times are Unix ms. */
export interface ArmedCapture {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  readonly ms: number;
  readonly octets: number;
  readonly keys?: true;
  /** Only of calls of these sites. */
  readonly sites?: readonly string[];
  /** All that it says must hold. */
  readonly trunk?: string;
  /** Of the caller or of who is called; `+49*`: that begins so. */
  readonly number?: string;
  readonly since: number;
  readonly until: number;
}

/** The sides of a call, standing or ended, as far as they are known. */
export interface Sides {
  readonly site?: string;
  readonly a: { readonly trunk: string };
  readonly b?: { readonly trunk: string };
}

/** Whether a call is one of those whose media may be copied. */
export function mayBeCaptured(
  { trunks, sites }: Pick<MediaCaptureConfiguration, 'trunks' | 'sites'>,
  configuration: Pick<Configuration, 'trunks'>,
  { site, a, b }: Sides,
): boolean {
  if (!trunks && !sites) return true;
  if ([a.trunk, b?.trunk].some((one) => one !== undefined && trunks?.includes(one))) return true;
  const places = [site, siteOf(configuration, a.trunk), siteOf(configuration, b?.trunk)];
  return places.some((one) => one !== undefined && sites?.includes(one));
}

/** Whether it is a call that somebody waits for: one that has begun since, and is like that. */
export function fitsArmed(
  { trunk, number, since }: ArmedCapture,
  { startedAt, a, b, caller, called }: Sides & { startedAt: number; caller: Octets; called: Octets },
): boolean {
  if (startedAt < since) return false;
  if (trunk !== undefined && a.trunk !== trunk && b?.trunk !== trunk) return false;
  return number === undefined || isLike(caller, number) || isLike(called, number);
}

export function isLike(number: string, mask: string): boolean {
  return mask.endsWith('*') ? number.startsWith(mask.slice(0, -1)) : number === mask;
}
