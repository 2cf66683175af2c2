import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bodyOf, Problem } from '../problem.ts';
import type { Access } from './access.ts';
import { masked } from './masked.ts';
import { isSafe } from './origin.ts';

/** What a route may say of a change beyond what was sent: it is masked like that. */
export interface Change {
  /** Who it was, where that is not known beforehand. */
  readonly who?: string;
  /** What came of it, where the answer's status does not tell. */
  readonly status?: number;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Chars of what a row says of a change. */
const longestDetail = 8_192;
/** Failures of strangers that are written in a minute: they shall not fill the disk. */
const mostOfStrangers = 30;
/** Refusals of one who is known, as well: nobody shall push what he did out of the log by what he did not. */
const mostRefusals = 60;
const minute = 60_000;

export interface AuditHookOptions {
  readonly access: Access;
  readonly onFault: (error: unknown, asked: string) => void;
  /** A row was written: the log keeps its hash where the file cannot be changed. */
  readonly onRow: (row: {
    id: number;
    hash: string;
    who: string;
    what: string;
    object: string;
    status: number;
  }) => void;
}

/**
 * Writes every request that changes something to the audit log, with its outcome, before the answer leaves: also those that were
 * refused. `config.changes: false` on a route says that its POST changes nothing.
 */
export function auditHook(app: FastifyInstance, { access, onFault, onRow }: AuditHookOptions): void {
  let isBroken = false;
  const refused = new WeakSet<FastifyRequest>();
  let strangers = { since: 0, count: 0 };
  let refusals = { since: 0, of: new Map<string, number>() };

  /** Whether a stranger's failure is still to be written. */
  const takes = (now: number): boolean => {
    if (now - strangers.since >= minute) strangers = { since: now, count: 0 };
    return ++strangers.count <= mostOfStrangers;
  };
  /** How often one was refused in this minute. */
  const timesRefused = (name: string, now: number): number => {
    if (now - refusals.since >= minute) refusals = { since: now, of: new Map() };
    const times = (refusals.of.get(name) ?? 0) + 1;
    refusals.of.set(name, times);
    return times;
  };
  /** Whoever reads it later shall know that something may be missing. */
  const resume = (): void => {
    const at = access.wall();
    const nobody = { who: '', via: '', source: '', what: 'resumed', object: '', status: 200, detail: '{}' };
    const row = access.store.audit.append({ at, ...nobody });
    isBroken = false;
    onRow({ ...row, ...nobody });
  };
  const write = (request: FastifyRequest, status: number): void => {
    const { principal, change, method, url } = request;
    const now = access.wall();
    const who = change?.who ?? principal?.name ?? '';
    const what = `${method} ${request.routeOptions.url ?? ''}`;
    const object = url.split('?')[0]!.slice(0, 300);
    const row = access.store.audit.append({
      at: now,
      who: who.slice(0, 200),
      via: principal?.via ?? '',
      source: request.ip ?? '',
      what,
      object,
      status,
      detail: detailOf(request),
    });
    onRow({ ...row, who, what, object, status });
  };

  app.addHook('preHandler', async (request) => {
    if (!isBroken || !isAudited(request)) return;
    try {
      resume();
    } catch {
      refused.add(request);
      throw new Problem(503, 'The audit log cannot be written, so nothing can be changed: see the log.', undefined, 10);
    }
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isAudited(request) || refused.has(request)) return payload;
    const status = request.change?.status ?? reply.statusCode;
    const isStranger = !request.principal && status >= 400;
    if (isStranger && (!request.change || !takes(access.wall()))) return payload;
    if (request.principal && status >= 400 && status < 500) {
      const times = timesRefused(request.principal.name, access.wall());
      if (times > mostRefusals) return payload;
      if (times === mostRefusals)
        request.change = { ...request.change, after: { refusals: 'no more of them are written in this minute' } };
    }
    try {
      write(request, status);
      return payload;
    } catch (error) {
      isBroken = true;
      onFault(error, `audit of ${request.method} ${request.url.split('?')[0]}`);
      reply.code(500).type('application/problem+json').removeHeader('content-length');
      return JSON.stringify(bodyOf(500, 'It may have been done, and could not be written to the audit log.'));
    }
  });
}

function isAudited(request: FastifyRequest): boolean {
  return !request.is404 && (request.routeOptions.config.changes ?? !isSafe(request.method));
}

function detailOf({ body, query, change, method }: FastifyRequest): string {
  const isEmpty = (value: unknown) =>
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  const detail = {
    // That of a GET is a code of a provider.
    ...(!isEmpty(query) && !isSafe(method) && { query: masked(query) }),
    ...(!isEmpty(body) && { sent: masked(body) }),
    ...(change?.before !== undefined && { before: masked(change.before) }),
    ...(change?.after !== undefined && { after: masked(change.after) }),
  };
  const text = JSON.stringify(detail);
  if (text.length <= longestDetail) return text;
  const cut = `${text.length} characters`;
  const { sent: _, ...rest } = detail;
  const short = JSON.stringify({ ...rest, cut });
  return short.length <= longestDetail ? short : JSON.stringify({ cut });
}
