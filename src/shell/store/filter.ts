import { type EndReason, partiesOwnEnds } from '#engine/ports';

/** Which calls; what is left out does not matter. */
export interface RecordFilter {
  /** Calls that began at or after this time. Unix ms. */
  readonly since?: number | undefined;
  /** Calls that began before this time. Unix ms. */
  readonly until?: number | undefined;
  /** Calls that came from this trunk or were offered to it. */
  readonly trunk?: string | undefined;
  /** The caller's or the called number, as received or as sent; `*` stands for any characters. */
  readonly number?: string | undefined;
  readonly reason?: EndReason | undefined;
  /** Only calls that a cause outside the parties' will ended: all but hung up, given up, busy and not answered. */
  readonly failed?: boolean | undefined;
  readonly answered?: boolean | undefined;
  /** Where the caller was. */
  readonly site?: string | undefined;
  readonly user?: string | undefined;
  readonly route?: string | undefined;
  /** Calls for help alone, or all others. */
  readonly emergency?: boolean | undefined;
  /** The final status of the far side. */
  readonly status?: number | undefined;
  /** Calls of these sites' callers, or that passed one of these trunks: what somebody may see. */
  readonly of?: { readonly sites: readonly string[]; readonly trunks: readonly string[] } | undefined;
}

type Values = Record<string, string | number>;

export const ownEnds = [...partiesOwnEnds].map((reason) => `'${reason}'`).join(', ');

/** As SQL over `calls`. `numbers`: whether those are to be looked at here. */
export function conditions(filter: RecordFilter, numbers = true): { where: string[]; values: Values } {
  const where: string[] = [];
  const values: Values = {};
  const { since, until, trunk, number, reason, failed, answered, site, user, route, emergency, status, of } = filter;
  const has = (name: string, sql: string, value: string | number | undefined) => {
    if (value === undefined) return;
    where.push(sql);
    values[`:${name}`] = value;
  };
  has('since', 'started_at >= :since', since);
  has('until', 'started_at < :until', until);
  has(
    'trunk',
    '(trunk = :trunk OR EXISTS (SELECT 1 FROM attempts a WHERE a.calls_id = calls.id AND a.trunk = :trunk))',
    trunk,
  );
  if (number !== undefined && numbers) {
    const is = number.includes('*') ? "LIKE :number ESCAPE '\\'" : '= :number';
    where.push(
      `(caller ${is} OR called ${is} OR EXISTS
        (SELECT 1 FROM attempts a WHERE a.calls_id = calls.id AND (a.caller ${is} OR a.called ${is})))`,
    );
    values[':number'] = number.includes('*') ? likePattern(number) : number;
  }
  has('reason', 'end_reason = :reason', reason);
  if (failed !== undefined) where.push(`end_reason ${failed ? 'NOT IN' : 'IN'} (${ownEnds})`);
  if (answered !== undefined) where.push(`answered_at IS ${answered ? 'NOT ' : ''}NULL`);
  has('site', 'site = :site', site);
  has('user', 'user = :user', user);
  has('route', 'route = :route', route);
  if (emergency !== undefined) where.push(`emergency IS ${emergency ? 'NOT ' : ''}NULL`);
  has('status', 'end_status = :status', status);
  if (of) {
    where.push(
      `(site IN (SELECT value FROM json_each(:sites)) OR trunk IN (SELECT value FROM json_each(:trunks)) OR EXISTS
        (SELECT 1 FROM attempts a WHERE a.calls_id = calls.id AND a.trunk IN (SELECT value FROM json_each(:trunks))))`,
    );
    values[':sites'] = JSON.stringify(of.sites);
    values[':trunks'] = JSON.stringify(of.trunks);
  }
  return { where, values };
}

function likePattern(number: string): string {
  let pattern = '';
  for (const char of number)
    pattern += char === '*' ? '%' : char === '%' || char === '_' || char === '\\' ? `\\${char}` : char;
  return pattern;
}
