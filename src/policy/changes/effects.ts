/**
 * When a change of the configuration holds in a running program. `live`: at once. `new-calls`: for calls that begin after it; those that
 * stand go on as they began. `restart`: when the program is started again.
 */
export type Effect = 'live' | 'new-calls' | 'restart';

/** By path, the longest that fits; `*` is a name. What is not here is for new calls. */
const table: readonly (readonly [path: string, effect: Effect])[] = [
  // Sockets are opened once, and so is the directory of records.
  ['listeners', 'restart'],
  ['records', 'restart'],
  ['records keep', 'live'],
  ['media mode', 'restart'],
  ['media internal', 'restart'],
  ['media external', 'restart'],
  ['media ports', 'restart'],
  // Transactions that run have their timers by these (RFC 3261 17).
  ['timers', 'restart'],
  ['userAgent', 'restart'],
  // Which node this is, and whom it knows.
  ['node', 'restart'],
  ['nodes', 'restart'],
  ['nodes * management', 'live'],
  ['pools', 'restart'],
  ['registrar', 'live'],
  ['dns', 'restart'],
  ['unknownSource', 'live'],
  ['protection', 'live'],
  ['samples', 'live'],
  ['planning', 'live'],
  // Its listener moves while the program runs.
  ['management', 'live'],
  ['health', 'live'],
  ['tracing', 'live'],
  ['trunks *', 'live'],
  ['trunks * kind', 'live'],
  ['trunks * side', 'live'],
  ['trunks * transport', 'live'],
  ['trunks * naptr', 'live'],
  ['trunks * addresses', 'live'],
  ['trunks * nextHops', 'live'],
  ['trunks * networks', 'live'],
  ['trunks * domain', 'live'],
  ['trunks * identity', 'live'],
  ['trunks * registration', 'live'],
  ['trunks * credentials', 'live'],
  ['trunks * authenticate', 'live'],
  ['trunks * certificateNames', 'live'],
  ['trunks * tls', 'live'],
  ['trunks * health', 'live'],
  ['trunks * listeners', 'live'],
  ['trunks * quality', 'live'],
];

const byPath = new Map(table);

/** `path`: keys, and names of what is in lists. */
export function effectOf([first = '', second, third]: readonly string[]): Effect {
  const inside =
    second === undefined ? undefined : byPath.get(third === undefined ? `${first} *` : `${first} * ${third}`);
  return inside ?? byPath.get(`${first} ${second}`) ?? byPath.get(first) ?? 'new-calls';
}
