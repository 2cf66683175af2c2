import { toOctets } from '#kernel';
import { mayUse } from '#policy/routing';
import type { Refusal } from './call-setup.ts';
import type { ForwardedSetup, Forwardings } from './forwarding.ts';
import { type Destination, destinationOf } from './hunt.ts';

/**
 * Where a call to a user goes whose devices it may not come to from where it is, or can't for want of room: by a trunk to his number,
 * if it is only room that lacks and who calls may, then to his voice mail; and where it goes that he has no hand free for. Undefined: nowhere
 * else.
 */
export function insteadOf(
  setup: ForwardedSetup,
  destination: Destination,
  refusal: Refusal,
  forwardings: Forwardings,
): readonly Destination[] | undefined {
  const { user } = destination.trunk;
  if (!user) return undefined;
  if (refusal.status === 486) return forwardings.from(setup, destination, 'busy');
  const isCrowded = refusal.cause.reason === 'no-bandwidth';
  if (!isCrowded && refusal.status !== 403) return undefined;
  const outside = isCrowded ? byTrunk(setup, destination) : [];
  const box = forwardings.from(setup, destination, 'apart') ?? [];
  return outside.length + box.length > 0 ? [...outside, ...box] : undefined;
}

/**
 * Where a call to a user goes before his devices, or when none is there. Who is at a place that can't be reached from here is
 * called there by way of the public network, before anything that he wishes for when he is away.
 */
export function divertedFrom(
  setup: ForwardedSetup,
  destination: Destination,
  when: 'always' | 'unregistered',
  forwardings: Forwardings,
): readonly Destination[] | undefined {
  const isLost = when === 'unregistered' && setup.call.services.trunks.isLost(destination.trunk);
  const outside = isLost ? byTrunk(setup, destination) : [];
  const wished = forwardings.from(setup, destination, when);
  return outside.length > 0 ? [...outside, ...(wished ?? [])] : wished;
}

/** The public network has room where ours has none, and leads where ours is cut. */
function byTrunk({ call, flow }: ForwardedSetup, { trunk, called }: Destination): readonly Destination[] {
  const { services, source } = call;
  const number = trunk.user?.line?.split(';')[0];
  const rule = `user ${trunk.name}`;
  if (number === undefined) return [];
  // What comes from there would only go back.
  const may = source.user ? mayUse(services.configuration, source.user, 'pstn-reroute') : source.side === 'internal';
  if (!may) {
    call.decide(rule, `not called at ${number} by a trunk, which who calls may not`);
    return [];
  }
  const to = toOctets(number);
  const plan = services.plan(source, to, call.caller, { address: flow.remote.host, outside: true });
  call.decide(rule, `called at ${number} by ${plan.route ?? 'no route'}`);
  return plan.trunks.map((next) => destinationOf(next, { ...called, user: to }));
}
