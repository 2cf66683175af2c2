import type { ArmedCapture } from '#engine/ports';
import { type Open, toOctets } from '#kernel';

/** Who may wait at once, and chars of what they say. */
const mostArmed = 100;
const longestText = 500;

/** Who waits for which calls, as the management process tells it (docs/status-socket.md). Undefined where it is no such list. */
export function readArmed(value: unknown): readonly ArmedCapture[] | undefined {
  if (!Array.isArray(value) || value.length > mostArmed) return undefined;
  const armed = value.map(armedOf);
  return armed.every((one) => one !== undefined) ? armed : undefined;
}

function armedOf(value: unknown): ArmedCapture | undefined {
  const { id, by, reason, ms, octets, keys, sites, trunk, number, since, until } = (value ?? {}) as Record<
    string,
    unknown
  >;
  if (!isText(id) || !isText(by) || !isText(reason)) return undefined;
  if (!isCount(ms) || !isCount(octets) || !isTime(since) || !isTime(until)) return undefined;
  if ((trunk !== undefined && !isText(trunk)) || (number !== undefined && !isText(number))) return undefined;
  const armed: Open<ArmedCapture> = { id, by: toOctets(by), reason: toOctets(reason), ms, octets, since, until };
  if (keys === true) armed.keys = keys;
  if (trunk !== undefined) armed.trunk = trunk;
  if (number !== undefined) armed.number = number;
  if (sites !== undefined) {
    if (!Array.isArray(sites) || !sites.every(isText)) return undefined;
    armed.sites = sites;
  }
  return armed;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestText;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
