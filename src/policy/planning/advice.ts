import type { Site } from '#policy/configuration';
import { figure } from './reckoned.ts';

/** What is advised, and why. */
export interface Advice<What extends string> {
  readonly what: What;
  readonly why: string;
}

/** Users from which on a branch is worth an appliance, needs more than one, and needs a whole site. */
const branch = { small: 25, large: 1000, veryLarge: 2000, widest: 5000 } as const;

/** What keeps a branch of so many users going when its link is gone. `wholeService`: presence and conferences as well as calls. */
export function survivabilityFor(
  users: number,
  { resilient, wholeService = false }: { readonly resilient: boolean; readonly wholeService?: boolean },
): Advice<Site['survivability']> {
  if (resilient) return { what: 'none', why: 'its link is doubled: a trunk or a gateway there is enough' };
  if (users < branch.small)
    return { what: 'none', why: `for fewer than ${branch.small} users it is not worth its cost` };
  if (wholeService || users > branch.veryLarge)
    return {
      what: 'full',
      why:
        users > branch.widest
          ? `more than ${figure(branch.widest)} users are a central site of their own`
          : `presence and conferences of up to ${figure(branch.widest)} users need a whole site`,
    };
  if (users < branch.large)
    return { what: 'appliance', why: `an appliance serves ${branch.small} to ${figure(branch.large)} users` };
  return {
    what: 'server',
    why: `${figure(branch.large)} to ${figure(branch.veryLarge)} users need a server, or two appliances`,
  };
}

export type ConnectionKind = 'internet' | 'mpls' | 'private';

/** Calls at once up to which a site's volume is low, whoever many it has: what the internet is for. */
const lowVolume = 10;

/** How a site of so many users and calls at once is best joined to a provider. `strict`: outages or listeners would cost dear. */
export function connectionFor(
  users: number,
  ports: number,
  { strict = false }: { readonly strict?: boolean } = {},
): Advice<ConnectionKind> {
  if (strict) return { what: 'private', why: 'nothing else is as secure and as seldom down as a line of its own' };
  if (users > branch.veryLarge)
    return { what: 'private', why: `${ports} calls at once are worth a line of their own (fibre, T1/T3, E1/E3)` };
  if (users < branch.small || ports <= lowVolume)
    return {
      what: 'internet',
      why: `${ports} calls at once are few: the cheapest will do, in a tunnel or with TLS and SRTP`,
    };
  return {
    what: 'mpls',
    why: 'a site of its size should not depend on the internet; mark voice (DSCP 46), since others share the line',
  };
}

/** What is wrong with the connection that a site has; undefined: nothing. */
export function connectionDoubt(has: ConnectionKind, users: number, ports: number): string | undefined {
  const best = connectionFor(users, ports);
  if (has !== 'internet' || best.what === 'internet') return undefined;
  return `the internet is for few calls, and ${figure(users)} users make up to ${ports} at once: better is ${best.what === 'mpls' ? 'MPLS' : 'a private line'}`;
}

/** Countries with users in which no trunk ends: each needs one, by law and custom. `undefined` among `trunks`: one may be anywhere. */
export function countriesWithoutTrunk(
  sites: readonly { readonly country?: string; readonly users: number }[],
  trunks: readonly (string | undefined)[],
): readonly string[] {
  const reached = new Set(trunks);
  if (reached.has(undefined)) return [];
  const peopled = sites.flatMap(({ country, users }) => (country !== undefined && users > 0 ? [country] : []));
  return [...new Set(peopled)].filter((country) => !reached.has(country)).sort();
}
