import type { Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Target } from '#sip/transaction';

/**
 * `unregistered`: not begun, or taken back. `registering`: asking, without a registration that holds. `refreshing`: asking
 * while the one before holds, or its connection was lost. `failed`: nobody took us; waiting for the next try.
 */
export type RegistrationStage =
  | 'unregistered'
  | 'registering'
  | 'registered'
  | 'refreshing'
  | 'failed'
  | 'unregistering';

/** What people see of a registration. Wall times in ms since 1970, spans in ms. */
export interface RegistrationStatus {
  readonly stage: RegistrationStage;
  /** Since when the registrar has us, or has not: tries in between do not count. */
  readonly since: number;
  /** "sip:user@example.com" */
  readonly addressOfRecord: string;
  /** The one that has us, or is being asked: "sip:example.com". */
  readonly registrar: string;
  /** "tls 192.0.2.1:5061" */
  readonly target?: string;
  readonly contact?: string;
  /** As whom the first hop saw us, where a NAT changed it. */
  readonly seenAs?: string;
  readonly granted?: number;
  readonly expiresAt?: number;
  /** When the next REGISTER is due. */
  readonly nextAt?: number;
  readonly lastAnswer?: {
    readonly status: number;
    readonly phrase: string;
    readonly at: number;
    readonly from: string;
  };
  /** Why it is not registered, or why it may soon be no more. */
  readonly lastError?: { readonly text: string; readonly at: number };
  /** Servers asked since the last success. */
  readonly tries: number;
  readonly serviceRoute: readonly string[];
  readonly path: readonly string[];
  /** RFC 5626: `granted` when the registrar keeps the flow. */
  readonly outbound: 'off' | 'asked' | 'granted';
  /** Ms of silence after which the edge gives the flow up (Flow-Timer). */
  readonly keepAlive?: number;
  readonly flow?: Flow;
}

/** A registration that holds. */
export interface Binding {
  /** Its place among the registrars. */
  readonly registrar: number;
  readonly target: Target;
  readonly contact: Octets;
  readonly granted: number;
  /** Monotonic ms. */
  readonly grantedAt: number;
  readonly expires: number;
  /** Wall ms. */
  readonly expiresAt: number;
  readonly serviceRoute: readonly Octets[];
  readonly path: readonly Octets[];
  readonly outbound: boolean;
  readonly keepAlive?: number;
  readonly seenAs?: string;
  /** The flow it was granted over; undefined when its connection is gone. */
  flow: Flow | undefined;
}
