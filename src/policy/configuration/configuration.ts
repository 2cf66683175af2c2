import type { HostPort } from '#kernel';

/** A configuration as the engine uses it: immutable, validated, compiled from the YAML file by `#shell/config`. */
export interface Configuration {
  readonly listeners: readonly Listener[];
  readonly trunks: readonly Trunk[];
  /** In order: the first that matches a call decides. */
  readonly routes: readonly Route[];
  /** What an address that no trunk names gets: a 403, or nothing. Counted either way. */
  readonly unknownSource: 'refuse' | 'ignore';
  readonly media: MediaConfiguration;
  readonly records: { readonly path: string };
  /** RFC 3261 17.1.1.1 base timers, ms. */
  readonly timers: { readonly t1: number; readonly t2: number; readonly t4: number };
  /** Sent as User-Agent and Server; nothing is sent when absent. */
  readonly userAgent?: string;
}

export type Side = 'internal' | 'external';
export type Transport = 'udp' | 'tcp';

/** One socket we listen on: a YAML listener with two transports becomes two of these. */
export interface Listener {
  /** `name/transport`, unique. */
  readonly id: string;
  readonly name: string;
  /** Which trunks may use it; `both` on a host with a single address. */
  readonly side: Side | 'both';
  readonly transport: Transport;
  readonly bind: HostPort;
  /** What Via and Contact say. */
  readonly advertise: HostPort;
}

export interface Trunk {
  readonly name: string;
  readonly kind: 'itsp' | 'pstn-gateway' | 'ip-pbx';
  readonly side: Side;
  readonly transport: Transport;
  /** In order of preference. */
  readonly addresses: readonly TrunkAddress[];
  readonly capacity: {
    /** Calls at once, both directions together; undefined = no limit. */
    readonly calls?: number;
    /** New calls in any second, both directions together; undefined = no limit. */
    readonly callsPerSecond?: number;
  };
  /** Ms in which the peer must say more than 100 Trying, else the next target is tried. */
  readonly setupTimeout: number;
  /** Ms from the first ringing or progress to the answer. */
  readonly ringTimeout: number;
}

export interface TrunkAddress {
  /** IP literal. */
  readonly host: string;
  /** Where requests go: 5060 unless the file says. */
  readonly port: number;
  /** True when the file names a port: the source must then carry it too (UDP; on a stream, the Via's sent-by port). */
  readonly matchPort: boolean;
}

export interface Route {
  readonly name: string;
  /** Source trunks; empty = any. */
  readonly from: readonly string[];
  /** What the called number must be; absent = any. */
  readonly called?: { readonly prefixes?: readonly string[]; readonly pattern?: string };
  /** Trunks to try in order, or a refusal with this status. */
  readonly to: readonly string[];
}

export interface MediaConfiguration {
  /** `bypass`: SDP is passed on as it came and no media process takes part. */
  readonly mode: 'anchor' | 'bypass';
  readonly internal: MediaAddress;
  readonly external: MediaAddress;
  readonly ports: { readonly min: number; readonly max: number };
  /** Ms without any packet before an answered call that should have some is ended; 0 = never. */
  readonly silence: number;
}

export interface MediaAddress {
  readonly bind: string;
  readonly advertise: string;
}
