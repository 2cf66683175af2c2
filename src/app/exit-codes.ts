/** With what our processes end. */
export const exitCodes = {
  /** All calls have ended, as was asked. */
  ok: 0,
  /** It could not start: the configuration, an address in use, a directory that cannot be used. The reason is on stderr. */
  notStarted: 1,
  /** A fault of our own (EX_SOFTWARE): the supervisor starts the process again. */
  fault: 70,
} as const;
