import type { Octets } from '#kernel';

/** A header field as it stands in a draft. */
export interface DraftField {
  /** Full, lower case. */
  readonly name: string;
  /** As written. */
  readonly display: string;
  readonly value: Octets;
}

/** A message while rules change it. Fields are replaced, never changed, so that a copy of the list keeps what was. */
export interface Draft {
  readonly kind: 'request' | 'response';
  /** Of a response: of the request that it answers. */
  readonly method: string;
  /** 0 of a request. */
  status: number;
  phrase: Octets;
  /** The Request-URI; '' of a response. */
  uri: Octets;
  /** Whole values, tags included. */
  from: Octets;
  to: Octets;
  /** All other fields in order; of a message that came, From and To stand among them for their place alone. */
  fields: readonly DraftField[];
  body: Octets;
  /** It belongs to a dialog that stands. */
  readonly within: boolean;
}

/** What of a message stays as it is when a dialog has begun with it. */
export type Writable = Pick<Draft, 'status' | 'phrase' | 'uri' | 'from' | 'to' | 'fields' | 'body'>;

export function copyOf({ status, phrase, uri, from, to, fields, body }: Draft): Writable {
  return { status, phrase, uri, from, to, fields, body };
}

/** What a rule may want to know of a message that does not stand in it. Octets. */
export interface Circumstances {
  readonly trunk: string;
  /** Whose call it is part of; undefined when of none. */
  readonly call: 'from-trunk' | 'to-trunk' | undefined;
  /** The call's numbers; '' outside calls. */
  readonly caller: Octets;
  readonly called: Octets;
  /** Host as it stands in URIs that speak for us there, and for the peer. */
  readonly ourHost: Octets;
  readonly peerHost: Octets;
  /** The user of the trunk's identity; '' where it has none. */
  readonly account: Octets;
}
