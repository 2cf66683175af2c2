import { type Octets, toOctets } from '#kernel';
import type { Trunk, User } from '#policy/configuration';
import { mayUse } from '#policy/routing';
import type { Flow } from '#sip/flow';
import { type Destination, destinationOf } from './hunt.ts';
import type { DiversionReason } from './identity/index.ts';
import { type Failure, leavesOthers } from './refusal.ts';
import type { CallServices, TrunkTarget } from './services.ts';

/** Forwardings of one call (docs/limits.md). */
const maxForwardings = 5;

/** When a user has his calls go elsewhere. */
export type ForwardedWhen = 'always' | 'busy' | 'noAnswer' | 'unregistered' | 'apart';

const reasons: Readonly<Record<ForwardedWhen, DiversionReason>> = {
  always: 'unconditional',
  busy: 'user-busy',
  noAnswer: 'no-answer',
  unregistered: 'unavailable',
  apart: 'unavailable',
};

export interface ForwardedSetup {
  readonly call: {
    readonly services: CallServices;
    readonly source: Trunk;
    readonly caller: Octets;
    decide(rule: string, outcome: string): void;
  };
  readonly invite: { readonly maxForwards: number | undefined };
  readonly flow: Flow;
}

/** Where users have a call go on, in place of their devices or after them, by their own rights. */
export class Forwardings {
  #followed = 0;

  /** Where a call goes on whose devices have failed; undefined: nowhere, or others of his have their turn. */
  failed(
    setup: ForwardedSetup,
    tried: Destination & { readonly at: TrunkTarget },
    { status, refusal }: Failure,
  ): readonly Destination[] | undefined {
    const when = leavesOthers(tried, status) ? undefined : whenFailed(status, refusal.cause.reason);
    return when && this.from(setup, tried, when);
  }

  /** Undefined: nowhere. */
  from(
    { call, invite, flow }: ForwardedSetup,
    { trunk, called }: Destination,
    when: ForwardedWhen,
  ): readonly Destination[] | undefined {
    const { user } = trunk;
    const number = user && numberFor(user, when);
    if (number === undefined) return undefined;
    const rule = `user ${user!.name}`;
    const hops = called.hops + 1;
    if (!mayUse(call.services.configuration, user!, 'forwarding')) {
      call.decide(rule, `${said[when]}: not forwarded to ${number}, which its policy does not let it`);
      return undefined;
    }
    if (this.#followed === maxForwardings || hops > (invite.maxForwards ?? 70)) {
      call.decide(rule, `${said[when]}: not forwarded, after ${this.#followed} forwardings`);
      return undefined;
    }
    this.#followed++;
    const to = toOctets(number);
    const talker = { trunk: call.source, address: flow.remote.host };
    const isDeposit = when === 'apart';
    const plan = call.services.plan(trunk, to, call.caller, { talker, deposit: isDeposit });
    for (const tried of plan.decisions) call.decide(tried.rule, tried.outcome);
    call.decide(
      rule,
      `${said[when]}: forwarded to ${number}, by ${plan.user ? `user ${plan.user.name}` : (plan.route ?? 'no route')}`,
    );
    return plan.trunks.map((next) => ({
      ...destinationOf(next, { ...called, user: to, hops, redirectedBy: called.user, redirectedFor: reasons[when] }),
      isDeposit,
    }));
  }
}

const said: Readonly<Record<ForwardedWhen, string>> = {
  always: 'has all calls forwarded',
  busy: 'is busy',
  noAnswer: 'does not answer',
  unregistered: 'no device of his is there',
  apart: 'his devices can not be reached from there',
};

/** Why the devices of a user did not take the call, where that is something that he has his calls forwarded for. */
function whenFailed(status: number, reason: string): ForwardedWhen | undefined {
  if (reason === 'no-answer') return 'noAnswer';
  if (reason === 'no-route' && status === 403) return 'apart';
  // Who declines is as busy as can be.
  if (status === 486 || status === 600 || status === 603) return 'busy';
  return reason === 'unreachable' || reason === 'no-progress' || status === 480 ? 'unregistered' : undefined;
}

/** Where his voice mail is, so far as anybody knows: where calls go that he does not take. */
export function mailboxOf({ forward }: User): string | undefined {
  return forward?.noAnswer?.to ?? forward?.unregistered;
}

function numberFor(user: User, when: ForwardedWhen): string | undefined {
  const { forward } = user;
  if (!forward) return undefined;
  switch (when) {
    case 'always':
      return forward.always;
    case 'busy':
      return forward.busy;
    case 'noAnswer':
      return forward.noAnswer?.to;
    case 'unregistered':
      // What would have rung with them rings alone.
      return forward.unregistered ?? forward.together;
    case 'apart':
      return mailboxOf(user);
  }
}
