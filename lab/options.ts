import { parseArgs } from 'node:util';

export interface Options {
  /** How many calls; undefined: until Ctrl-C. */
  readonly calls: number | undefined;
  /** Ms from one call's beginning to the next. */
  readonly every: number;
  /** Ms of talk; undefined: 5 to 8 s. */
  readonly talk: number | undefined;
}

export const help = `npm start [-- OPTIONS]

Starts Tandem on examples/lab.yaml, and beside it a PBX and a provider (ITSP) with real sockets and real audio.
They call each other through Tandem, both ways. Each party of a call plays a tone and listens for the other's;
each call's record is read back and compared with what both parties saw.

  --calls N     make N calls, then end (every second, unless --every says otherwise)
  --every TIME  begin a call that often: 2s, 500ms (2s)
  --talk TIME   how long they talk (5s to 8s, varied)
  --help        this

Ctrl-C begins no more calls and waits for those that run; a second one ends all at once.
Exit status: 0 when every call was answered, heard both ways and truly recorded; 1 when one was not; 130 after a second Ctrl-C.
Records and the program's log go to data/lab (TANDEM_DATA). With NO_COLOR set there is no colour.
`;

export class UsageError extends Error {}

/** Throws UsageError; undefined: help is asked for. */
export function parseOptions(argv: readonly string[]): Options | undefined {
  let values: { calls?: string; every?: string; talk?: string; help?: boolean };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        calls: { type: 'string' },
        every: { type: 'string' },
        talk: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return undefined;
  const calls = values.calls === undefined ? undefined : Number(values.calls);
  if (calls !== undefined && !(Number.isInteger(calls) && calls >= 1)) {
    throw new UsageError(`--calls ${values.calls}: not a number of calls`);
  }
  return {
    calls,
    every: duration('every', values.every, 100, 3_600_000) ?? (calls === undefined ? 2_000 : 1_000),
    // Shorter, and a tone of a quarter second could not be heard for sure; longer, and Ctrl-C would wait too long.
    talk: duration('talk', values.talk, 500, 600_000),
  };
}

function duration(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`--${name} ${text}: not a time such as 2s or 500ms`);
  const ms = Number(number) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
  if (ms < least || ms > most) throw new UsageError(`--${name} ${text}: between ${least} ms and ${most / 1000} s`);
  return ms;
}
