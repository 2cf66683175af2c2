import { escapeUser, parseNameAddress, parseUri, unescapeUser } from '#codec/sip-message';
import type { Octets } from '#kernel';

/** The calling number: the user part of a From value; '' when it has none. */
export function callerOf(from: Octets): Octets {
  return callerIn(parseNameAddress(from)?.uri ?? '');
}

/** The same of its URI alone. */
export function callerIn(octets: Octets): Octets {
  const uri = parseUri(octets);
  return uri?.scheme === 'tel' ? numberOf(uri.user ?? '') : plainUser(uri?.user ?? '');
}

/** One spelling for each user part (RFC 3261 19.1.4): only what must be escaped is, so "%2B49" is "+49" to every rule. */
export function plainUser(user: Octets): Octets {
  return user.includes('%') ? escapeUser(unescapeUser(user)) : user;
}

/** The number in a user part: visual separators (RFC 3966 5.1.1) and parameters off. */
export function numberOf(user: Octets): Octets {
  const end = user.indexOf(';');
  const bare = end < 0 ? user : user.slice(0, end);
  let isPlain = true;
  for (let i = 0; i < bare.length; i++) {
    const code = bare.charCodeAt(i);
    if ((code >= 0x30 && code <= 0x39) || code === 0x2b) continue;
    // ( ) - .
    if (code !== 0x28 && code !== 0x29 && code !== 0x2d && code !== 0x2e) return bare;
    isPlain = false;
  }
  return isPlain ? bare : bare.replace(/[().-]/g, '');
}

/** A number may have more parameters than there are any. */
const mostParameters = 16;

/** Parameters of a number that mean the same to everybody: RFC 3966 3 and 5.1, RFC 4694 (porting), and of networks. */
const everybodys: ReadonlySet<string> = new Set([
  'ext',
  'isub',
  'isub-encoding',
  'postd',
  'rn',
  'npdi',
  'cic',
  'cpc',
  'oli',
  'enumdi',
]);

/** What says in which domain, or under which prefix, the number before it is one. */
const contexts: ReadonlySet<string> = new Set(['phone-context', 'rn-context', 'cic-context']);

/** What a number meets on its way from one trunk to another. */
export interface Crossing {
  /** The name is the side's that it came from, or may be. */
  hides(domain: string): boolean;
  /** The name is that of the trunk it goes to. */
  isTheirs(domain: string): boolean;
}

/**
 * A telephone number with its parameters (RFC 3966, in a tel URI or the user part of a sip URI, RFC 3261 19.1.6) as it
 * goes to another trunk. What is no number stays as it is.
 */
export function numberAcross(user: Octets, crossing: Crossing): Octets {
  const end = user.indexOf(';');
  if (end < 0) return user;
  const number = user.slice(0, end);
  if (!isTelephoneNumber(number)) return user;
  const isGlobal = number.startsWith('+');
  const parameters = user.slice(end + 1).split(';', mostParameters);
  const trunkContext = parameters.find((parameter) => nameOf(parameter) === 'trunk-context');
  // RFC 4904 4: a trunk group means something within its context only.
  const isTheirGroup = trunkContext !== undefined && crossing.isTheirs(contextIn(trunkContext));
  let out = number;
  for (const parameter of parameters) {
    const name = nameOf(parameter);
    let stays = everybodys.has(name);
    if (name === 'tgrp' || name === 'trunk-context') stays = isTheirGroup;
    // RFC 3966 5.1.5: a global number has no context, and a local one that of a domain or of the numbers under a prefix.
    else if (name === 'phone-context') stays = !isGlobal && staysContext(contextIn(parameter), crossing);
    else if (contexts.has(name)) stays = staysContext(contextIn(parameter), crossing);
    if (stays) out += `;${parameter}`;
  }
  return out;
}

/** A tel URI needs a context where its number is a local one (RFC 3966 5.1.5). */
export function isWholeNumber(user: Octets): boolean {
  return user.startsWith('+') || user.split(';').some((parameter) => nameOf(parameter) === 'phone-context');
}

export function isTelephoneNumber(number: Octets): boolean {
  return /^[+\d*#(][\d().*#a-d-]*$/i.test(unescapeUser(number));
}

function staysContext(context: string, crossing: Crossing): boolean {
  return /^\+[\d().-]+$/.test(context) || (context !== '' && !crossing.hides(context));
}

function nameOf(parameter: Octets): string {
  const equals = parameter.indexOf('=');
  return (equals < 0 ? parameter : parameter.slice(0, equals)).toLowerCase();
}

function contextIn(parameter: Octets): string {
  const equals = parameter.indexOf('=');
  return equals < 0 ? '' : unescapeUser(parameter.slice(equals + 1)).toLowerCase();
}
