import type { SipRequest } from '#codec/sip-message';
import { type Octets, toOctets } from '#kernel';
import type { Trunk, User } from '#policy/configuration';
import type { Identity } from './identity.ts';
import { callerIn } from './number.ts';
import type { Person } from './person.ts';

/** The calling number of an INVITE: who it says that it is, but a user is who he proved to be. */
export function callingNumber(invite: SipRequest, { user }: Trunk): Octets {
  return user ? lineOf(user) : callerIn(invite.from.uri);
}

/** The user as those outside know him: by the number of his line, without an extension that many share it by. */
export function personOfUser(user: User): Person {
  return personAs(user, lineOf(user));
}

/** He as those in the house know him: by his extension, where he has one. */
export function personInside(user: User): Person {
  return personAs(user, extensionOf(user) ?? lineOf(user));
}

/** Telephones and exchanges of the house; whatever else may lead to the world. */
export function isInside({ kind, user }: Trunk): boolean {
  return user !== undefined || kind === 'ip-pbx';
}

/** A user who calls, as a trunk is to know him. `masked`: by another number, which is not his to hide. */
export function userShownTo(to: Trunk, identity: Identity, masked: boolean): Identity {
  const { user } = identity.source;
  if (!user) return identity;
  if (isInside(to)) return identity.private ? identity : { ...identity, presented: personInside(user) };
  return user.hidden && !masked ? { ...identity, private: true } : identity;
}

function personAs({ display = '' }: User, number: Octets): Person {
  return { display: toOctets(display), scheme: 'sip', user: number, phone: false };
}

function lineOf({ line, name }: User): Octets {
  const end = line?.indexOf(';') ?? -1;
  return toOctets(line === undefined ? name : end < 0 ? line : line.slice(0, end));
}

function extensionOf({ line, numbers }: User): Octets | undefined {
  const extension = line === undefined ? undefined : /;ext=(\d+)$/.exec(line)?.[1];
  const number = extension ?? numbers.find((one) => !one.startsWith('+'));
  return number === undefined ? undefined : toOctets(number);
}
