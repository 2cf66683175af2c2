import { parseNameAddress, type SipRequest, unescapeUser } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import type { Flow } from '#sip/flow';
import type { Refusal } from '../call-setup.ts';
import type { Called } from '../callee-side.ts';
import { byTandem } from '../causes.ts';
import { type Destination, destinationOf } from '../hunt.ts';
import { identityPolicy, numberOf, plainUser } from '../identity/index.ts';
import type { SetupCall } from '../setup-call.ts';
import { broughtBy } from './brought.ts';
import { byValue, type Placed } from './by-value.ts';
import type { Tells } from './conveyance.ts';

/** A call for help. */
export interface Help extends Placed {
  /** Who wants to know of it has been told. */
  told: boolean;
  /** Who calls: as help can call back. */
  readonly caller: Octets;
  /** The trunk that it came by, or the user who makes it. */
  readonly source: Trunk;
}

interface Asked {
  readonly call: SetupCall;
  readonly invite: SipRequest;
  readonly flow: Flow;
  /** Whose rules say where the call goes. */
  readonly callerSide: { readonly dials: Trunk };
}

/** Undefined when it is none. It is asked before anything else of the call is. */
export function helpFor({ call, invite, flow, callerSide: { dials } }: Asked, now: Instant): Help | undefined {
  const { help: desk } = call.services;
  if (!desk) return undefined;
  const came = invite.asCame ?? invite;
  // What was dialled counts, and what the trunk's rules on messages made of it as well: whichever is one.
  const asCame = came.target?.user === undefined ? '' : numberOf(plainUser(unescapeUser(came.target.user)));
  const service = came.target?.scheme === 'urn' ? came.uri : undefined;
  const called = desk.mayBe(asCame, came.uri) ? asCame : call.called;
  if (!desk.mayBe(called, service ?? '')) return undefined;
  const { user } = dials;
  const brought = broughtBy(invite);
  const isBelieved = user ? dials.believesPlace === true : identityPolicy(dials).trusted;
  const says = brought && brought.objects.length + brought.references.length > 0;
  const caller = user?.line ?? call.caller;
  const plan = desk.plan(
    {
      trunk: user ? undefined : dials,
      user,
      number: caller,
      address: flow.remote.host,
      device: user && deviceOf(dials, invite, call, now),
      called,
      service,
      brings: says ? (isBelieved ? 'believed' : 'unverified') : undefined,
      at: now.wall,
    },
    now,
  );
  if (!plan) return undefined;
  // Whoever looks for calls of a site looks for these first.
  const { user: whose, site } = plan.place;
  const basis = { ...(whose && { user: whose.name }), ...(site && { site: site.name }) };
  call.routed({
    route: 'emergency',
    decisions: plan.decisions,
    basis,
    ...(plan.test ? {} : { emergency: plan.number }),
  });
  for (const fault of brought?.faults ?? []) call.decide('emergency place', fault);
  const { location } = plan.place;
  // What somebody vouches for comes first, then what we know, then what is said.
  const own: Tells | undefined = location && { kind: 'ours', location };
  const tells: Tells | undefined = says && (isBelieved || !own) ? { kind: 'brought', brought } : own;
  return { told: false, plan, caller, source: dials, tells };
}

/** The instance of the telephone (RFC 5626 4.1): as it says in its Contact, or as it has registered that. */
function deviceOf(dials: Trunk, invite: SipRequest, { services }: SetupCall, now: Instant): Octets | undefined {
  const contact = parseNameAddress(invite.get('contact') ?? '');
  const instance =
    contact && (contact.params.get('+sip.instance') ?? services.trunks.instanceAt(dials, contact.uri, now));
  return instance?.slice(1, -1).toLowerCase();
}

/** Whom it is to be tried with, or what a test of it is answered. */
export function helpers(help: Help, call: SetupCall, now: Instant): readonly Destination[] | Refusal {
  const { plan, tells } = help;
  const { trunks, test, number, place } = plan;
  if (test) {
    underWay(help, call, undefined, now);
    const [first] = trunks;
    const where = place.location ? `place ${place.location.name}` : 'place not known';
    const who = first ? `${first.called} by trunk ${first.trunk.name}` : 'no trunk';
    return { status: 480, phrase: `Emergency test: ${number}, ${who}, ${where}`, cause: byTandem('tested', 480) };
  }
  if (trunks.length === 0) call.services.log('error', 'emergency-without-trunk', { call: call.id });
  return trunks.map((one) => {
    const { trunk, called } = destinationOf(one, { user: one.called, hops: 1 });
    const told = one.conveys === 'location' ? tells : one.conveys === 'value' ? byValue(help) : undefined;
    return { trunk, called: { ...called, help: told ? { tells: told } : {} } };
  });
}

/** Who wants to know of it is told, once: when somebody has been asked. */
export function underWay(help: Help, { id, services }: SetupCall, trunk: Trunk | undefined, now: Instant): void {
  const { plan, caller, source } = help;
  if (!help.told) services.help?.begun({ id, plan, caller, source, ...(trunk ? { trunk } : {}) }, now);
  help.told = true;
}

/** There are no ports: media that nobody relays may be heard, and a call that is refused is not. False where it can't go so. */
export function letsMediaPass(call: SetupCall): boolean {
  if (!call.media || call.media.deaf !== undefined) return false;
  call.decide('media', 'there are no ports: it passes by, between the two sides');
  call.media = undefined;
  // The media process may have made a session, and said so too late.
  call.services.media({ kind: 'close', session: call.id }, undefined);
  return true;
}

/** The same without the place: a refusal may be of that and not of the call (RFC 6442 4.3, and who knows no body of parts). */
export function withoutPlace(called: Called, status: number): Called | undefined {
  return called.help?.tells && mayBeOfPlace(status) ? { ...called, help: {} } : undefined;
}

function mayBeOfPlace(status: number): boolean {
  return status === 400 || status === 413 || status === 415 || status === 420 || status === 424 || status === 493;
}
