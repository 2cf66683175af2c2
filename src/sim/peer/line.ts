import type { DigestClient } from '#codec/digest';
import type { Deadlines, HostPort, Instant, Octets, Random } from '#kernel';
import type { Dialog } from '#sip/dialog';
import type { ReliableResponses } from '#sip/reliability';
import type { Sleeper, Target, TransactionLayer } from '#sip/transaction';
import type { Dice } from '../dice.ts';
import type { Helper } from '../organisation/organisation.ts';
import type { Abilities } from './abilities.ts';

/** What one call of an agent sees and believes: kept for the checks, even when the agent crashes. */
export interface History {
  readonly agent: string;
  readonly role: 'caller' | 'callee';
  readonly callId: string;
  readonly number: string;
  /** 100 came: somebody has taken the call. */
  taken: boolean;
  /** It has said something to the INVITE: then it can be cancelled (RFC 3261 9.1). */
  said: boolean;
  /** The final status of the INVITE, as sent or received. */
  final: number | undefined;
  /** 2xx and ACK are through, as far as this end can know; undone by its own BYE or the other's. */
  talking: boolean;
  ever: boolean;
  /** What the answer to our BYE was. */
  bye: number | undefined;
}

/** What an early dialog of the called end asks of its call. */
export interface EarlyCallee {
  readonly responses: Pick<ReliableResponses<{ readonly body: Octets }>, 'acknowledge' | 'next'>;
  /** Offer and answer have been made. */
  agreed(now: Instant): void;
  /** Something that its 2xx may have waited for is through. */
  resume(now: Instant): void;
  /** The caller ends it (RFC 3261 15). */
  hungUp(now: Instant): void;
}

/** What calls need of the agent they are on. */
export interface Line {
  readonly name: string;
  readonly layer: TransactionLayer<Sleeper>;
  readonly deadlines: Deadlines<Sleeper>;
  readonly dice: Dice;
  readonly random: Random;
  readonly contact: string;
  /** The URI of its From. */
  readonly from: string;
  /** How it takes calls for help, where they end there. */
  readonly helper: Helper | undefined;
  /** Its calls may tell where they come from (RFC 6442). */
  readonly tellsPlaces: boolean;
  readonly abilities: Abilities;
  /** Its calls last for minutes. */
  readonly patient: boolean;
  /** A proxy before this agent that stays in the way: what Route must say in a dialog. */
  readonly recordRoute: string | undefined;
  readonly host: string;
  /** No new deeds any more: what stands is to be hung up. */
  readonly retired: boolean;
  /** What challenges of Tandem's are answered by. */
  readonly authorizer: DigestClient | undefined;
  /** The address of Tandem that this agent knows. */
  readonly server: HostPort;
  target(remote: HostPort | undefined, transport: string | undefined): Target;
  mediaPort(): number;
  /** Another dialog of this agent in which it talks. */
  consulted(beside: Dialog): Dialog | undefined;
  /** Calls somebody, in the place of a dialog that Replaces names. */
  dial(number: string, replaces?: Octets): void;
  now(): Instant;
  /** An expectation of this end does not hold. */
  complain(what: string): void;
  /** 481 came for a dialog that was confirmed. */
  unknown(callId: string): void;
  /** No ACK came for a 2xx. */
  unacknowledged(callId: string): void;
  /** The session timer ran out: nobody has refreshed the session. */
  unrefreshed(callId: string): void;
  /** In a run with anchored media, what the other side's SDP may name. */
  readonly mediaHost: string | undefined;
}
