import type { Sensitive } from '#kernel';

/** Who outside is asked where calls go, before the routes are or when they have nothing. Absent: nobody. */
export interface OutsideDecisions {
  readonly enum?: EnumConfiguration;
  /** Asked when ENUM has nothing. */
  readonly service?: DecisionServiceConfiguration;
}

interface Asked {
  /** `first`: every call that does not stay within; `unrouted`: those that no route takes. */
  readonly when: 'first' | 'unrouted';
  /** When nothing is said: the routes decide, or the caller is refused. */
  readonly otherwise: 'routes' | 'refuse';
  /** Ms that it has. */
  readonly timeout: number;
}

/** Numbers in the DNS (RFC 6116). */
export interface EnumConfiguration extends Asked {
  /** Under which numbers stand, lower case: "e164.arpa" or one's own. */
  readonly domain: string;
}

/** A service of the owner's, by HTTP (docs/routing.md). */
export interface DecisionServiceConfiguration extends Asked {
  readonly url: string;
  /** Questions are signed with it. */
  readonly secret?: Sensitive<string>;
  /** Roots by which it is believed: paths of PEM files, the system's beside or without them. The system's alone unless given. */
  readonly trust?: { readonly system: boolean; readonly files: readonly string[] };
  /** Trunks and users whose calls it is asked about; all unless given. */
  readonly from?: readonly string[];
}
