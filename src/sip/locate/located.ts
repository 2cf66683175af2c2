import type { HostPort, Instant } from '#kernel';
import type { FlowTransport } from '#sip/flow';

/** Where a request shall go, as a URI or a configuration says it (RFC 3263 4). */
export interface LocateRequest {
  /** IP literal (without brackets) or DNS name. */
  readonly host: string;
  /** Where one was written: the name is then looked up without NAPTR and SRV. */
  readonly port: number | undefined;
  /** Undefined: the DNS decides among `supported`. */
  readonly transport: FlowTransport | undefined;
  /** Transports that requests can leave by, in order of preference. Not looked at when `transport` is given. */
  readonly supported: readonly FlowTransport[];
  /** Address families that requests can leave by, in order of preference. */
  readonly families: readonly (4 | 6)[];
}

export interface Located {
  readonly transport: FlowTransport;
  readonly remote: HostPort;
  /** The host's name that the address belongs to; the address itself when nothing was asked. For logs and inspection. */
  readonly name: string;
}

export type Found =
  /** At least one, in the order in which they are to be tried. `stale`: the DNS does not answer, and this is what it said. */
  | { readonly kind: 'targets'; readonly targets: readonly Located[]; readonly stale: boolean }
  /** The DNS was asked: wait (`Locator.await`). */
  | { readonly kind: 'pending' }
  /** `reason` names the questions and what came: "SRV _sip._udp.example.com: no such name; …". */
  | { readonly kind: 'failed'; readonly reason: string };

/** Who waits for what it was told is `pending`. Once called it waits no more. */
export interface LocateWaiter {
  onLocated(now: Instant): void;
}
