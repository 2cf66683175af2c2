import type { SipRequest } from '#codec/sip-message';
import type { Instant } from '#kernel';
import type { PlaceOutcome } from '#policy/emergency';
import type { Directive } from '#policy/routing';
import type { Flow } from '#sip/flow';
import { instanceMeant } from '#sip/registrar';
import type { Refusal } from './call-setup.ts';
import type { CallerSide } from './caller-side.ts';
import { byTandem } from './causes.ts';
import { askedFor, hostOf, located } from './emergency/by-value.ts';
import { type Help, helpers } from './emergency/help.ts';
import { type Destination, destinationOf } from './hunt.ts';
import type { DecisionWaiter, PlaceWaiter, PlanFacts } from './services.ts';
import type { SetupCall } from './setup-call.ts';

/** Whose call it is. */
export interface DestinationsUser {
  readonly call: SetupCall;
  readonly callerSide: CallerSide;
  readonly flow: Flow;
  readonly invite: Pick<SipRequest, 'target'>;
  /** Where it goes by our routes, or why nowhere; once. */
  directed(found: readonly Destination[] | Refusal, now: Instant): void;
}

/** Finds where a call goes: at once, or when who is asked about it outside has said so, or is too late. */
export class Destinations implements DecisionWaiter, PlaceWaiter {
  readonly call: SetupCall;
  readonly #user: DestinationsUser;
  readonly #facts: PlanFacts;
  #letGo: (() => void) | undefined;
  #help: Help | undefined;

  constructor(user: DestinationsUser) {
    this.call = user.call;
    this.#user = user;
    const { host: address } = user.flow.remote;
    const instance = instanceMeant(user.invite);
    const who = user.callerSide.joins ? { talker: { trunk: this.call.source, address } } : { address };
    this.#facts = instance === undefined ? who : { ...who, instance };
  }

  find(now: Instant): void {
    const { services, called, caller } = this.call;
    const source = this.#user.callerSide.dials;
    const asked = services.decisions.ask({ source, called, caller, ...this.#facts }, this, now);
    if (asked?.kind !== 'asked') return this.onDecided(asked?.decided, now);
    this.#letGo = asked.letGo;
    this.call.checkpoint();
  }

  /** The same for help, which nobody has a say in. Somebody may have its place; the call waits for that a moment. */
  findHelp(help: Help, now: Instant): void {
    const { services } = this.call;
    const uri = askedFor(help);
    this.#letGo = uri === undefined ? undefined : services.help?.locate(uri, this, now);
    this.#help = help;
    if (this.#letGo) return this.call.checkpoint();
    for (const one of help.tells?.kind === 'brought' ? help.tells.brought.references : [])
      this.call.decide('emergency place', `told by reference, at ${hostOf(one)}: we do not ask there`);
    this.#user.directed(helpers(help, this.call, now), now);
  }

  onLocated(outcome: PlaceOutcome | undefined, now: Instant): void {
    this.#letGo = undefined;
    const help = this.#help!;
    this.call.decide('emergency place', located(help, outcome));
    this.#user.directed(helpers(help, this.call, now), now);
  }

  onDecided(decided: Directive | undefined, now: Instant): void {
    this.#letGo = undefined;
    this.#user.directed(this.#planned(decided ? { ...this.#facts, decided } : this.#facts), now);
  }

  /** Nobody wants to know any more. */
  over(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }

  #planned(facts: PlanFacts): readonly Destination[] | Refusal {
    const { call } = this;
    const { dials, joins } = this.#user.callerSide;
    const plan = call.services.plan(dials, call.called, call.caller, facts);
    call.routed(plan);
    const status = plan.refuse ?? (plan.trunks.length === 0 && plan.route === undefined ? 404 : undefined);
    if (status !== undefined) return { status, cause: byTandem('no-route', status) };
    const called = { user: call.calledUser, hops: 1, ...joins?.called };
    return plan.trunks.map((planned) => destinationOf(planned, called));
  }
}
