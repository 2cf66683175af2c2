/** A broken invariant of our own: a programmer's error, never what a peer sent. Always on. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Holds an invariant. Throws AssertionError; the engine ends the one call that broke it. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Closes a switch over a union: the compiler rejects a forgotten member, the run time an impossible one. */
export function unreachable(value: never, what: string): never {
  throw new AssertionError(`${what}: impossible ${JSON.stringify(value)}`);
}
