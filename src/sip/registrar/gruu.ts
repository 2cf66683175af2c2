import { escapeUser, parseUri, quoted, type SipRequest } from '#codec/sip-message';
import { bracketed, type Octets } from '#kernel';
import type { Binding } from './binding.ts';

/**
 * Globally routable user agent URIs (RFC 5627): names of one device of an address of record. The public one tells whose it is and bears
 * its instance id; temporary ones tell neither, and are good as long as the registration that they came with (5.1).
 */

/** Temporary names of one device that are good at once, the latest (docs/limits.md). */
const mostTemporary = 20;
/** What the user part of a temporary name begins with. */
const prefix = 'tgruu';

/** Instance ids that stand in a parameter of a URI as they are. */
const plain = /^<[A-Za-z0-9:._+-]{1,200}>$/;

/** The device asks for names of its own (RFC 5627 5.1). */
export function wantsGruu(request: SipRequest): boolean {
  return request.all('supported').some((tag) => tag.toLowerCase() === 'gruu');
}

/** A binding with one temporary name more than the one it takes the place of; without any where it has no instance. */
export function withTemporary(binding: Binding, before: Binding | undefined, token: Octets): Binding {
  if (binding.instance === undefined || !plain.test(binding.instance)) return binding;
  const known = before?.callId === binding.callId ? (before.temporary ?? []) : [];
  return { ...binding, temporary: [prefix + token, ...known].slice(0, mostTemporary) };
}

/** Its names, as parameters of its Contact in a 200 to REGISTER (RFC 5627 5.2). */
export function gruuParams(name: string, { to }: SipRequest, { instance, temporary }: Binding): Octets {
  const host = parseUri(to.uri)?.host;
  if (host === undefined || instance === undefined || !temporary?.[0]) return '';
  const at = `@${bracketed(host)}`;
  const known = quoted(`sip:${escapeUser(name)}${at};gr=${instance.slice(1, -1)}`);
  return `;pub-gruu=${known};temp-gruu=${quoted(`sip:${temporary[0]}${at};gr`)}`;
}

/** The device that a request is for, where its Request-URI is a public name of it: its instance id. */
export function instanceMeant({ target }: Pick<SipRequest, 'target'>): Octets | undefined {
  const gr = target?.params.get('gr');
  return gr === undefined || gr === '' ? undefined : `<${gr}>`;
}

/** True where a URI is a name of this device. */
export function isNamed({ instance, temporary }: Binding, uri: Octets): boolean {
  const target = parseUri(uri);
  if (!target?.params.has('gr')) return false;
  return instanceMeant({ target }) === instance || temporary?.includes(target.user ?? '') === true;
}

/** How a URI with his address names one device of a user; '' for an instance id that no URI of ours could bear. */
export function deviceParam(instance: Octets): Octets {
  return plain.test(instance) ? `;gr=${instance.slice(1, -1)}` : '';
}

/** The part of a temporary name that is its own, made of a token. It tells the node that knows whose it is, and nothing else. */
export function temporaryAt(node: string | undefined, token: Octets): Octets {
  return node === undefined ? token : `${token}.${node}`;
}

/** The node that gave a temporary name. */
export function nodeOfTemporary(user: Octets): string | undefined {
  const dot = user.indexOf('.');
  return dot < 0 ? undefined : user.slice(dot + 1);
}

/** True for what may be the user part of a temporary name. */
export function isTemporary(user: Octets): boolean {
  return user.startsWith(prefix);
}
