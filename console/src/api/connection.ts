import { useSyncExternalStore } from 'react';
import { ApiProblem } from './problem.ts';

/** Whether what is looked at is what is. */
export interface Connection {
  /** Whether the management process answers. */
  readonly server: 'there' | 'away';
  /** Whether it hears the signalling process: else calls, trunks and figures are as they were. */
  readonly signalling: 'heard' | 'lost';
  /** Whether what happens is told: else it is known when it is asked for. */
  readonly stream: 'open' | 'broken';
  /** Unix ms; since when it is so. */
  readonly since: number;
}

export type Sign =
  | { readonly kind: 'answered' | 'failed' | 'broken' }
  /** The stream was opened, or goes on: in which state the mirror of signalling is. */
  | { readonly kind: 'told'; readonly state: string };

/** What a sign makes of it; the same object where that is nothing new. */
export function after(was: Connection, sign: Sign, now: number): Connection {
  // A stream breaks where a proxy thinks it is old, too: that alone says of nobody that he is away.
  const server = sign.kind === 'broken' ? was.server : sign.kind === 'failed' ? 'away' : 'there';
  // While all of it is being read again, what was there is still shown.
  const signalling = sign.kind !== 'told' ? was.signalling : sign.state === 'current' ? 'heard' : 'lost';
  const stream = sign.kind === 'told' ? 'open' : sign.kind === 'broken' ? 'broken' : was.stream;
  return server === was.server && signalling === was.signalling && stream === was.stream
    ? was
    : { server, signalling, stream, since: now };
}

/** Whether an error says that nobody answered, or a proxy in his place (RFC 9110 15.6.3, 15.6.5). */
export function isAway(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.status === 502 || error.status === 504;
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}

let known: Connection = { server: 'there', signalling: 'heard', stream: 'open', since: Date.now() };
const listeners = new Set<() => void>();

export function tellConnection(sign: Sign): void {
  const next = after(known, sign, Date.now());
  if (next === known) return;
  known = next;
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => known,
  );
}
