/** A command's failure that is the user's to mend: printed as it is, without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Exit statuses of every command; shown by `tandem --help`. */
export const exitCodes = {
  ok: 0,
  /** The command could not do it: problems in the file, nothing found, a port in use. */
  failed: 1,
  /** The command line itself was wrong. */
  usage: 2,
} as const;
