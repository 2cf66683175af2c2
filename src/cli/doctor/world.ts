import type { Listener } from '#engine/ports';

/** What is asked of a machine; tests give one of their own. */
export interface World {
  /** `process.platform`. */
  readonly platform: string;
  /** `process.versions.node`. */
  readonly node: string;
  readonly uid: number;
  readonly cores: number;
  /** Octets: of the machine, or of what we may have of it (cgroups); and what is left of that. */
  readonly memory: { readonly total: number; readonly available: number };
  /** Undefined: it is not there, or we may not read it. */
  read(path: string): string | undefined;
  /** Names in a directory; none where it is not there. */
  list(path: string): readonly string[];
  link(path: string): string | undefined;
  status(path: string): { readonly mode: number; readonly uid: number; readonly isDirectory: boolean } | undefined;
  writable(path: string): boolean;
  disk(path: string): { readonly free: number; readonly total: number } | undefined;
  /** Undefined: there is no such program, or it failed. */
  run(command: string, ...args: readonly string[]): Promise<string | undefined>;
  /** Addresses. Rejects with the resolver's error. */
  lookUp(name: string): Promise<readonly string[]>;
  /** Why it cannot be bound (`EADDRINUSE`); undefined: it can. */
  bind(listener: Pick<Listener, 'transport' | 'bind'>): Promise<string | undefined>;
  /** Why the system's calls cannot be had, by which packets are read in bulk; undefined: they can. */
  systemCalls(): Promise<string | undefined>;
}

/** `note`: it may be as it is. */
export type Verdict = 'ok' | 'note' | 'warning' | 'failed';

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, in a sentence. */
  readonly found: string;
  /** What to do, where something is to be done: commands that can be copied. */
  readonly cure?: readonly string[];
}

/** What is known before a machine is looked at; without a file, what anybody would have. */
export interface Patient {
  readonly listeners: readonly Pick<Listener, 'transport' | 'bind'>[];
  /** The directory of records. */
  readonly data: string;
  readonly mediaPorts: { readonly min: number; readonly max: number };
  /** Names that the DNS is asked for. */
  readonly names: readonly string[];
  /** A program of ours runs on that directory. */
  readonly running: boolean;
  /** No configuration says which ports are ours: these are what anybody would have. */
  readonly guessed?: boolean;
}
