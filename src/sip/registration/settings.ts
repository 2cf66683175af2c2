import type { DigestClient } from '#codec/digest';
import type { Header, SipResponse } from '#codec/sip-message';
import type { Deadlines, HostPort, Instant, Random } from '#kernel';
import type { Flow } from '#sip/flow';
import type { ClientFailure, OutgoingRequest, Rewriter, Sleeper, Target } from '#sip/transaction';

/** A domain that takes registrations. */
export interface Registrar {
  /** IP literal or DNS name. */
  readonly host: string;
  readonly port: number;
  /** Somebody wrote the port down: it stands in the Request-URI then. */
  readonly matchPort: boolean;
}

/** Whom one trunk registers as, where and how. Texts are text, not octets. */
export interface RegistrationSettings {
  /** In order of preference; one at least. */
  readonly registrars: readonly Registrar[];
  /** The host of our address of record; that of the registrar unless given. */
  readonly domain?: string;
  /** The user part of our address of record. */
  readonly user: string;
  readonly display?: string;
  /** The user part of the Contact; that of the address of record unless given. Not used with `gin`. */
  readonly contactUser?: string;
  /** Ms asked for. */
  readonly expires: number;
  /** RFC 6140: for all numbers of the trunk at once. */
  readonly gin: boolean;
  /** RFC 5626. */
  readonly outbound: boolean;
  /** RFC 5626 4.5 base-time and max-time, ms. */
  readonly retry: { readonly base: number; readonly most: number };
  /** "urn:uuid:…" of this installation (RFC 5626 4.1); one is made up, and kept in the checkpoint, unless given. */
  readonly instance?: string;
  /** Fields that every REGISTER bears: Allow, User-Agent. */
  readonly headers?: readonly Header[];
  /** Ms until a registrar or server that failed is preferred again; 5 minutes unless given. */
  readonly failBack?: number;
  /** Ms over which re-registration is spread when a connection closes: others may have shared it. 1 s unless given. */
  readonly flowJitter?: number;
}

/** Where the servers of a registrar are. */
export type Found =
  /** In the order to try them. */
  | { readonly kind: 'targets'; readonly targets: readonly Target[] }
  /** Names are being looked up: `located` will be called. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface RegistrarTargets {
  /** `registrar` is its place among the settings' registrars. */
  find(registrar: number, now: Instant): Found;
}

/** Who knows the credentials: the trunk's `DigestClient`, which its calls use too. */
export type Authorizer = Pick<DigestClient, 'beforehand' | 'answer' | 'onInfo'>;

/** Who waits for what becomes of a REGISTER. */
export interface RegisterOwner {
  onResponse(response: SipResponse, transaction: { readonly flow: Flow }, now: Instant): void;
  onFailure(failure: ClientFailure, reason: string, now: Instant): void;
}

/** What a registration needs of its surroundings. */
export interface RegistrationServices {
  readonly deadlines: Deadlines<Sleeper>;
  readonly random: Random;
  readonly registrars: RegistrarTargets;
  /** Absent: challenges cannot be answered. */
  readonly authorizer?: Authorizer;
  /** A slice of `TransactionLayer.request`; answers come later, never from inside. `now`: monotonic ms. */
  request(request: OutgoingRequest, target: Target, owner: RegisterOwner, now: number): { readonly flow: Flow };
  /** Whose word it is on what is sent to a target, and heard from there. */
  rewriter?(target: Target): Rewriter | undefined;
  /** What the Contact says for this target: where its socket is reached. Undefined: no socket of ours goes there. */
  advertised(target: Target): HostPort | undefined;
  /**
   * Something that `status` or `state` shows has changed. May come more than once a turn, and comes before a REGISTER leaves:
   * note it, and at the end of the turn keep and show what there is then.
   */
  changed(now: Instant): void;
  /** A connection brought no answer (RFC 5626 4.4): is it still alive? When it is closed, `flowClosed` is to say so. */
  suspect?(flow: Flow, reason: string, now: Instant): void;
}
