/** A command's failure that is the user's to mend: printed as it is, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Exit statuses of every command; what they mean stands in `exitMeanings`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Nobody could be asked. */
  unreachable: 3,
  /** Who asks may not do it. */
  forbidden: 4,
  /** It is not as it was, or not everything about it was said to be meant. */
  conflict: 5,
  interrupted: 130,
} as const;

/** For help and manual. */
export const exitMeanings: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.failed, 'not done: problems in the file, nothing found, an address in use, a check that fails'],
  [exitCodes.usage, 'the command line is wrong'],
  [exitCodes.unreachable, 'nobody could be asked: no program runs there, or it does not answer'],
  [exitCodes.forbidden, 'who asks may not do that: no token, or one with fewer rights'],
  [exitCodes.conflict, 'somebody else was there first, or something has to be acknowledged'],
  [exitCodes.interrupted, 'interrupted by Ctrl-C'],
];
