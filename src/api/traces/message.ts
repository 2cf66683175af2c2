import type { Flow } from '#engine/ports';
import type { HostPort } from '#kernel';

/** One message of a call, on one of its legs. */
export interface TracedMessage {
  /** Unix ms, with fractions. */
  readonly at: number;
  readonly sent: boolean;
  readonly transport: Flow['transport'];
  readonly local: HostPort;
  readonly remote: HostPort;
  /** The trunk, or the user, on whose leg it went. */
  readonly leg: string;
  readonly callId: string;
  /** Without secrets. */
  readonly octets: string;
}
