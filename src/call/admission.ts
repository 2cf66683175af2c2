import type { SessionDescription } from '#codec/sdp';
import type { SipRequest } from '#codec/sip-message';
import type { Instant, Octets } from '#kernel';
import type { Full } from '#policy/admission';
import type { Trunk } from '#policy/configuration';
import { type End, obstacle } from '#policy/location';
import { mayUse } from '#policy/routing';
import type { Flow } from '#sip/flow';
import { SessionTimer, usualSessionTimer } from '#sip/session-timer';
import { chargedTo, growRoom, needOf, wayOf, withoutPicture } from './bandwidth.ts';
import type { Refusal } from './call-setup.ts';
import type { CallerSide } from './caller-side.ts';
import { type CallerWants, wantsOf } from './caller-wants.ts';
import { byTandem } from './causes.ts';
import type { Destination } from './hunt.ts';
import { type Identity, identityRefusal } from './identity/index.ts';
import { ruleOf, type TrunkTarget } from './services.ts';
import type { SetupCall } from './setup-call.ts';
import type { AskedMedia, MediaWay } from './setup-media.ts';

/** What a caller can and wants, or why its INVITE is refused before anybody is asked where it goes. */
export function admission(
  call: SetupCall,
  invite: SipRequest,
  identity: Identity,
  isForHelp: boolean,
  now: Instant,
): CallerWants | Refusal {
  const { services, source } = call;
  const wants = wantsOf(invite, source);
  // Nothing of what follows is worth a refusal then.
  if (isForHelp) return 'status' in wants ? { reliable: 'none', earlyEnds: false, earlyMedia: false } : wants;
  if ('status' in wants) return { ...wants, cause: byTandem('bad-request', wants.status) };
  const tooShort = new SessionTimer(source.sessionTimer ?? usualSessionTimer).refusal(invite);
  if (tooShort) return { ...tooShort, cause: byTandem('bad-request', tooShort.status) };
  for (const note of identity.notes) call.decide('identity', note);
  const unfit = identityRefusal(identity, services.configuration.media.mode === 'anchor');
  if (unfit) {
    call.decide('identity', unfit.text);
    return { status: unfit.status, cause: byTandem(unfit.reason, unfit.status) };
  }
  const full = services.occupancy.refusal(source, now.mono);
  if (!full) return wants;
  call.decide(ruleOf(source), `refused: ${describeFull(full)}`);
  return { status: 503, cause: byTandem('no-capacity', 503) };
}

/** Whose call it is that is to be let in. */
interface Admitting {
  readonly call: SetupCall;
  /** Where who is to talk speaks from. */
  readonly flow: Flow;
  readonly callerSide: Pick<CallerSide, 'joins'>;
}

/**
 * The target as the call may go to it now, or why it may not: its media can't, its trunk is full, it may not be joined with who calls,
 * or a link on the way has no room. A call for help may. Of devices that ring together some may be left out.
 */
export function admitted(
  setup: Admitting,
  destination: Destination,
  target: TrunkTarget,
  media: AskedMedia,
  isForHelp: boolean,
  now: Instant,
): TrunkTarget | Refusal {
  const way = media.way(destination, target);
  if (typeof way === 'object') return way;
  if (isForHelp) return target;
  const { call, flow } = setup;
  const { services, source } = call;
  const { trunk } = destination;
  const full = services.occupancy.refusal(trunk, now.mono);
  if (full) {
    call.decide(ruleOf(trunk), `skipped: ${describeFull(full)}`);
    // Who has as many calls as he may is busy (RFC 3261 21.4.24): 503 would say that we are.
    const status = trunk.user ? 486 : 503;
    return { status, cause: byTandem('no-capacity', status) };
  }
  const from = services.placeOf(source, flow.remote.host);
  if (!target.together) return unfit(setup, destination, from, target, media.offered, way, now) ?? target;
  const { together, ...alone } = target;
  let first: Refusal | undefined;
  const fit: TrunkTarget[] = [];
  for (const one of [alone, ...together]) {
    const refusal = unfit(setup, destination, from, one, media.offered, way, now);
    if (!refusal) fit.push(one);
    first ??= refusal;
  }
  const [one, ...others] = fit;
  if (!one) return first!;
  return others.length > 0 ? { ...one, together: others } : one;
}

function unfit(
  { call, callerSide: { joins } }: Admitting,
  { trunk, isDeposit }: Destination,
  from: End,
  at: TrunkTarget,
  offer: SessionDescription | undefined,
  media: MediaWay,
  now: Instant,
): Refusal | undefined {
  const { services, source } = call;
  const { occupancy, room, configuration } = services;
  const to = services.placeOf(trunk, at.remote.host);
  // Voice mail boxes are inside, and what they take is never refused; somebody's telephones are none.
  const isBox = isDeposit === true && trunk.kind === 'ip-pbx' && !trunk.user;
  const rule = `${trunk.user ? 'user' : 'trunk'} ${trunk.name}`;
  // Another node knows where its devices are, and is told who they would be joined with (`cameBy`).
  const apart = isBox || at.node ? undefined : obstacle(from, to);
  if (apart !== undefined) {
    call.decide(rule, `left out: ${apart}`);
    return { status: 403, cause: byTandem('no-route', 403) };
  }
  const full = occupancy.limitsSites ? occupancy.refusalAt(chargedTo(from, to), call, now.mono) : undefined;
  if (full) {
    call.decide(rule, `skipped: ${describeFull(full)}`);
    return { status: 503, cause: byTandem('no-capacity', 503) };
  }
  if (!room.isLimited || isBox) return undefined;
  const why = room.refusal(
    wayOf(configuration, from, to, media === 'anchored'),
    needOf(offer),
    joins ? [call, joins.talksIn] : [call],
  );
  if (why === undefined) return undefined;
  if (trunk.user && mayUse(configuration, trunk.user, 'bandwidth-override')) {
    call.decide(rule, `let in, as its policy says, though ${why}`);
    return undefined;
  }
  call.decide(rule, `skipped: ${why}`);
  services.log('info', 'no-bandwidth', { call: call.id, from: source.name, to: trunk.name, why });
  return noRoom();
}

/** RFC 3261 20.43: 370 is for want of bandwidth. */
export function noRoom(): Refusal {
  return {
    status: 606,
    headers: [['Warning', '370 tandem "Insufficient bandwidth"']],
    cause: byTandem('no-bandwidth', 606),
  };
}

/** Who has a place on a trunk. */
interface Placed {
  readonly trunk: Trunk;
  readonly at: TrunkTarget;
}

/** An attempt has its place on its trunk, and the call its part of the links to there and a count at the sites. */
export function takePlace(
  { call, flow, callerSide: { joins } }: Admitting,
  attempt: Placed & { readonly beside?: readonly Placed[] },
  offer: SessionDescription | undefined,
  now: number,
): void {
  const { services, source } = call;
  const { room, occupancy, configuration } = services;
  const { trunk, at } = attempt;
  const { beside = [] } = attempt;
  for (const one of [attempt, ...beside]) occupancy.take(one.trunk, one, now);
  if (!room.isLimited && !occupancy.limitsSites) return;
  const from = services.placeOf(source, flow.remote.host);
  const rings = [at, ...(at.together ?? [])].map((one) => services.placeOf(trunk, one.remote.host));
  // Whichever of them answers: there is room for it.
  const ends = [...rings, ...beside.map((one) => services.placeOf(one.trunk, one.at.remote.host))];
  const anchored = call.media !== undefined;
  if (room.isLimited) {
    const ways = ends.map((to) => wayOf(configuration, from, to, anchored));
    room.take(call, ways, needOf(offer), joins && [joins.talksIn]);
  }
  if (occupancy.limitsSites)
    occupancy.charge(
      ends.flatMap((end) => chargedTo(from, end)),
      call,
      now,
    );
}

/** Whose callee makes the offer. */
interface Offered {
  readonly call: Pick<SetupCall, 'services' | 'source' | 'media' | 'decide'>;
  readonly flow: Flow;
  /** It calls for help. */
  readonly help: object | undefined;
}

/**
 * The callee makes the offer, of more than was reckoned with: a picture that has no room on the way is not offered on. Why the rest can't be;
 * undefined when it can.
 */
export function unforeseen(setup: Offered, offer: SessionDescription): string | undefined {
  const { call, flow } = setup;
  const { media, source } = call;
  if (lacksRoomFor(setup, offer)) {
    const { media: kinds = ['audio', 'image', 'text', 'application', 'message'] } = source;
    media?.attach('a', { ...source, media: kinds.filter((kind) => kind !== 'video') }, flow.transport);
  }
  return media?.offer('b', offer);
}

/** The same where media goes past us: the offer as it passes on. */
export function passedOffer(setup: Offered, offer: Octets): Octets {
  return lacksRoomFor(setup, offer) ? withoutPicture(offer) : offer;
}

function lacksRoomFor({ call, help }: Offered, offer: Octets | SessionDescription): boolean {
  const why = help ? undefined : growRoom(call, offer);
  if (why !== undefined) call.decide('media', `without picture: ${why}`);
  return why !== undefined;
}

/** Who is full, for people. */
export function describeFull({ of, refusal }: Full): string {
  return `${of === '' ? 'its capacity' : `the capacity of ${of}`} (${refusal}) is used up`;
}
