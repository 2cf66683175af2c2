import type { Schemas } from '../api/client.ts';

export interface Question {
  from: string;
  to: string;
  caller?: string;
  /** RFC 3339. */
  at?: string;
  site?: string;
}

/** A call as a sample call of the file (`tests`) that expects what becomes of it now. */
export function sampleOf(name: string, { from, to, caller, at }: Question, outcome: Schemas['RoutingOutcome']) {
  const { number, route, user, refused, trunks } = outcome;
  return {
    name,
    from,
    ...(caller !== undefined && { caller }),
    to,
    ...(at !== undefined && { at }),
    expect: {
      number,
      ...(refused !== undefined && { refused }),
      ...(route !== undefined && { route }),
      ...(user !== undefined && { user }),
      ...(trunks.length > 0 && { trunks: trunks.map(({ trunk }) => trunk) }),
    },
  };
}

/** In what two outcomes differ, for people to see at once. */
export function differ(one: Schemas['RoutingOutcome'], other: Schemas['RoutingOutcome']): boolean {
  const told = ({ number, route, user, refused, trunks }: Schemas['RoutingOutcome']) =>
    JSON.stringify([number, route, user, refused, trunks]);
  return told(one) !== told(other);
}
