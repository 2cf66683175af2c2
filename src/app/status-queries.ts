import { isIP } from 'node:net';
import type { Configuration, Input } from '#engine/ports';
import { type HostPort, toOctets } from '#kernel';
import type { KeptMessage } from '#shell/message-ring';
import { readArmed } from './armed-query.ts';

/** One line that was asked: `query` names it, the rest are its arguments. */
export type StatusQuery = Readonly<Record<string, unknown>>;

/** More calls than anybody looks at whose ids begin alike. */
const mostTraces = 6;
/** Call-IDs that are asked for at once: a call and its attempts. */
const mostCallIds = 64;
/** Messages in one answer. */
const mostMessages = 1_000;
/** Users in one answer. */
const mostUsers = 1_000;
/** Chars of who ends a call. */
const longestName = 100;
/** Chars of why somebody wants something. */
const longestReason = 500;

export type StatusQueries = Readonly<Record<string, (query: StatusQuery) => object>>;

/** What was asked cannot be done as it stands; the message goes to who asked. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

export interface StatusQueriesOptions {
  /** What holds now. */
  readonly configuration: () => Pick<Configuration, 'trunks' | 'listeners'>;
  /** What `trunks` answers. */
  readonly trunks: () => Readonly<Record<string, unknown>>;
  /** Calls whose ids begin so, with what was decided about each. */
  readonly traces: (start: string) => readonly object[];
  /** A page of the users who have devices here, or are in a call. */
  readonly users: (page: { readonly text?: string; readonly after?: string; readonly limit: number }) => object;
  /** All who are kept out. */
  readonly bans: () => readonly object[];
  /** What came and went with these Call-IDs, as long as it is kept. */
  readonly messages: (callIds: readonly string[]) => readonly KeptMessage[];
  /** Whether a call of this id stands. */
  readonly stands: (call: string) => boolean;
  /** Reads the files of certificates that have changed; gives what holds then. */
  readonly readCertificates: () => readonly object[];
  readonly post: (input: Input) => void;
  /** Unix ms. */
  readonly wall: () => number;
}

/**
 * What the status socket answers beside `inspect` (docs/status-socket.md). What changes something is an input like any other: the
 * answer tells that it was taken (`at`, Unix ms), and `trunks` what came of it.
 */
export function statusQueries({
  configuration,
  trunks,
  traces,
  users,
  bans,
  messages,
  stands,
  readCertificates,
  post,
  wall,
}: StatusQueriesOptions): StatusQueries {
  const trunkOf = ({ trunk }: StatusQuery) => {
    const found = configuration().trunks.find(({ name }) => name === trunk);
    if (!found) throw new BadQuery(`there is no trunk ${shown(trunk)}`);
    return found;
  };
  const taken = (input: Input, more: object = {}) => {
    // Before it happens: what comes of it is later.
    const at = wall();
    post(input);
    return { at, ...more };
  };
  return {
    trunks: () => ({ at: wall(), ...trunks() }),
    call: ({ call }) => {
      if (typeof call !== 'string' || call === '') throw new BadQuery('"call" is the id of a call, or how it begins');
      return { at: wall(), calls: traces(call).slice(0, mostTraces) };
    },
    users: ({ text, after, limit = mostUsers }) => {
      const isText = (value: unknown) => value === undefined || typeof value === 'string';
      if (!isText(text) || !isText(after)) throw new BadQuery('"text" is a part of a name, "after" a name');
      if (!Number.isInteger(limit) || (limit as number) < 1 || (limit as number) > mostUsers)
        throw new BadQuery(`"limit" is a number from 1 to ${mostUsers}`);
      const page = {
        ...(text !== undefined && { text: text as string }),
        ...(after !== undefined && { after: after as string }),
        limit: limit as number,
      };
      return { at: wall(), ...users(page) };
    },
    bans: () => ({ at: wall(), bans: bans() }),
    messages: ({ callIds }) => {
      const isList = Array.isArray(callIds) && callIds.length <= mostCallIds;
      if (!isList || !callIds.every((one) => typeof one === 'string'))
        throw new BadQuery(`"callIds" is a list of at most ${mostCallIds} Call-IDs`);
      return { at: wall(), messages: messages(callIds).slice(-mostMessages) };
    },
    probe: (query) => taken({ kind: 'probe', trunk: trunkOf(query).name }),
    register: (query) => {
      const { name, registration } = trunkOf(query);
      if (!registration) throw new BadQuery(`trunk ${name} does not register`);
      return taken({ kind: 'register', trunk: name });
    },
    'read-certificates': () => ({ at: wall(), certificates: readCertificates() }),
    unban: ({ source }) => {
      if (typeof source !== 'string' || isIP(source.replace(/\/64$/, '')) === 0)
        throw new BadQuery(`"source" is the address that is banned, as "bans" has it, not ${shown(source)}`);
      return taken({ kind: 'unban', source });
    },
    end: ({ call, by }) => {
      if (typeof by !== 'string' || by === '') throw new BadQuery('"by" is who ends it: for its record');
      if (typeof call !== 'string' || !stands(call)) throw new BadQuery(`there is no call ${shown(call)}`);
      return taken({ kind: 'end', call, by: by.slice(0, longestName) });
    },
    capture: ({ call, by, reason, ms, octets, keys }) => {
      if (typeof by !== 'string' || by === '' || typeof reason !== 'string' || reason === '')
        throw new BadQuery('"by" is who has it copied, and "reason" why: for its record');
      if (!isCount(ms) || !isCount(octets)) throw new BadQuery('"ms" and "octets" are how much of it, at most');
      if (typeof call !== 'string' || !stands(call)) throw new BadQuery(`there is no call ${shown(call)}`);
      return taken({
        kind: 'capture',
        call,
        by: toOctets(by.slice(0, longestName)),
        reason: toOctets(reason.slice(0, longestReason)),
        ms,
        octets,
        ...(keys === true && { keys }),
      });
    },
    'end-capture': ({ call, by }) => {
      if (typeof by !== 'string' || by === '') throw new BadQuery('"by" is who ends it');
      if (typeof call !== 'string' || !stands(call)) throw new BadQuery(`there is no call ${shown(call)}`);
      return taken({ kind: 'end-capture', call, by: toOctets(by.slice(0, longestName)) });
    },
    arm: ({ armed: told }) => {
      const armed = readArmed(told);
      if (!armed) throw new BadQuery('"armed" is a list of who waits for which calls');
      return taken({ kind: 'arm', armed });
    },
    pass: (query) => {
      const { name: trunk } = trunkOf(query);
      const listener = configuration().listeners.find(({ id }) => id === query.listener);
      if (!listener) throw new BadQuery(`there is no listener ${shown(query.listener)}`);
      const source = addressOf(query.source);
      if (!source)
        throw new BadQuery(`"source" is {"host": an IP address, "port": a port}, not ${shown(query.source)}`);
      return taken({ kind: 'pass', trunk, source, listener: listener.id });
    },
  };
}

function addressOf(value: unknown): HostPort | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, port } = value as Partial<HostPort>;
  const isAddress = typeof host === 'string' && isIP(host) !== 0;
  return isAddress && typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536
    ? { host, port }
    : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}
