import { Sensitive } from '#kernel';
import type { Configuration } from '#policy/configuration';

/**
 * A configuration on its way to a process or a thread of ours. `Sensitive` hides itself from JSON, as it shall everywhere else; on this
 * channel alone, which nobody but the two can read, secrets are written out.
 */
export type PackedConfiguration = { readonly [packed]: true };
declare const packed: unique symbol;

/** The one key of the object that stands for a secret: no configuration has such a key. */
const secret = '$secret';

/** Plain data, to be sent and not to be shown. */
export function pack(configuration: Configuration): PackedConfiguration {
  return map(configuration, (value) => (value instanceof Sensitive ? { [secret]: value.reveal() } : undefined));
}

export function unpack(message: PackedConfiguration): Configuration {
  return map(message, (value) => (secret in value ? new Sensitive(value[secret]) : undefined));
}

/** A copy in which every object that `change` has another for is replaced. */
function map<T>(value: unknown, change: (value: object & { [secret]?: unknown }) => object | undefined): T {
  const copy = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(copy);
    return change(part) ?? Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as T;
}
