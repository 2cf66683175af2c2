import type { Listener, Side, Trunk } from '#engine/ports';
import type { Located } from '#sip/locate';
import type { Place } from '../trunk-place.ts';

/** A trunk under test: what its steps share. */
export interface Test {
  readonly place: Place;
  readonly trunk: Trunk;
  /** Where its requests go, as far as the steps have found out. */
  targets: readonly Located[];
}

export type Transport = Trunk['transport'];

/** The listener by which requests to an address leave (as the engine chooses it). */
export function listenerFor(
  listeners: readonly Listener[],
  side: Side,
  transport: Transport,
  host: string,
): Listener | undefined {
  return listeners.find(
    (one) =>
      one.transport === transport &&
      (one.side === side || one.side === 'both') &&
      one.bind.host.includes(':') === host.includes(':'),
  );
}

/** The address that a socket of ours shall have; undefined where the system may choose. */
export function localAddress(listener: Listener | undefined): string | undefined {
  const host = listener?.bind.host;
  return host === undefined || isUnspecified(host) ? undefined : host;
}

export function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** "tls 192.0.2.1:5061": as the running program names it. */
export function targetName({ transport, remote: { host, port } }: Located): string {
  return `${transport} ${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** How long something took, for people. */
export function ms(since: number): string {
  return `${Math.round(performance.now() - since)} ms`;
}
