import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Diverted } from './history.ts';
import type { Person } from './person.ts';
import type { Privacy } from './privacy.ts';

/** Who calls whom, and by way of whom: what an INVITE says of it, less what its trunk is not believed. */
export interface Identity {
  readonly source: Trunk;
  /** Hosts that the INVITE names: the source's side, and nobody else's to see. */
  readonly hosts: readonly string[];
  /** The Request-URI says that it calls a telephone. */
  readonly phone: boolean;
  /** Who the caller says that he is: From. */
  readonly presented: Person;
  /** Who the source vouches that he is: a sip and a tel URI at most (RFC 3325 9.1). Empty where it is not trusted. */
  readonly asserted: readonly Person[];
  /** The network did not check what it passed on (Remote-Party-ID `screen=no`). */
  readonly unscreened: boolean;
  /** The caller wants not to be known. */
  readonly private: boolean;
  readonly privacy: Privacy;
  /** Oldest first. */
  readonly history: readonly Diverted[];
  /** Why this number is called, in the Request-URI (RFC 4458). */
  readonly cause: number | undefined;
  readonly signed: Signed | undefined;
  /** What was not believed, and what is odd: for the decision trace. */
  readonly notes: readonly string[];
}

/** RFC 8224: what somebody has signed, for the numbers that it was signed of. */
export interface Signed {
  /** Values of Identity, as they came. */
  readonly values: readonly Octets[];
  readonly date: Octets | undefined;
  /** Whom To names. */
  readonly called: Octets;
}
