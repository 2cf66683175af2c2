/** What a trunk may run through. */
export type TunnelKind = 'ipsec' | 'ipsec-nat' | 'wireguard' | 'gre' | 'gre-ipsec';

/** How much users call in the busy hour. */
export type TrafficProfile = 'light' | 'moderate' | 'heavy';

/** What `tandem plan` reckons with. Calls do not depend on it. */
export interface Planning {
  /** Of sites that have none of their own. */
  readonly profile: TrafficProfile;
  /** Ms that a call holds a line on average. */
  readonly hold: number;
  /** The share of calls that may find no line: 0.01 for one in a hundred. */
  readonly blocking: number;
  /** The share by which traffic will have grown: 0.2 for a fifth. */
  readonly growth: number;
  /** What calls take of a link. */
  readonly codec: string;
  /** Ms of audio in a packet. */
  readonly ptime: number;
  readonly srtp: boolean;
  readonly tunnel?: TunnelKind;
  /** What money is called; it is all of one currency. */
  readonly currency?: string;
  readonly sites: readonly SitePlanning[];
  readonly queues: readonly QueuePlanning[];
}

/** What is known of a site beyond the settings of the program. */
export interface SitePlanning {
  readonly site: string;
  /** Those of the configuration unless given. */
  readonly users?: number;
  readonly profile?: TrafficProfile;
  readonly hold?: number;
  /** Of its link; that of `Planning` unless given. */
  readonly tunnel?: TunnelKind | 'none';
  /** Outages, or listeners, would cost dear. */
  readonly strict: boolean;
  /** Presence and conferences must go on there, and not calls alone. */
  readonly wholeService: boolean;
  /** What one Mbit/s of its link to the centre costs a month. */
  readonly linkPrice?: number;
  /** Minutes a month, by where it calls. Those of the records count where they are read. */
  readonly areas: readonly { readonly prefix: string; readonly minutes: number }[];
  /** What calls by the centre cost; the rates of the trunks there unless given. */
  readonly centre?: WayPrice;
  /** What a trunk, and a gateway, of its own would cost. */
  readonly trunk?: WayPrice;
  readonly gateway?: WayPrice;
}

/** Money a month, and a minute by how the number begins. */
export interface WayPrice {
  readonly month: number;
  readonly rates: readonly { readonly prefix: string; readonly price: number }[];
}

/** People who answer calls in turn. */
export interface QueuePlanning {
  readonly name: string;
  readonly site?: string;
  readonly callsPerHour: number;
  /** Ms that a call keeps one of them busy. */
  readonly handling: number;
  /** Ms within which `share` of the calls are to be answered. */
  readonly within: number;
  readonly share: number;
}
