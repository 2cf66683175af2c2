import { parseDeltaSeconds, parseNameAddress, parseUri, type SipRequest } from '#codec/sip-message';
import { detach, type Instant, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { Binding } from './binding.ts';

/** Octets of a Contact URI, of a Path and of an instance that are kept: more is no device's. */
const registerLimits = { uri: 512, path: 2048, instance: 256, userAgent: 128, contacts: 20 } as const;

/** Ms. */
export interface Expiries {
  readonly min: number;
  readonly max: number;
}

/** Ms where a device does not say how long, or nothing that can be read (RFC 3261 10.3 step 7). */
const usualExpires = 3_600_000;

/** What a REGISTER asks for. */
export type Asked =
  /** Who is there? */
  | { readonly kind: 'query' }
  /** `Contact: *` with `Expires: 0`. */
  | { readonly kind: 'clear' }
  /** Each with whether it is to go. */
  | {
      readonly kind: 'update';
      readonly contacts: readonly { readonly binding: Binding; readonly remove: boolean }[];
      readonly outbound: boolean;
    }
  | { readonly kind: 'refused'; readonly status: number; readonly phrase?: string };

/** RFC 3261 10.3 steps 6 and 7, RFC 3327 5.3, RFC 5626 6: reads it whole before anything is changed. */
export function readRegister(request: SipRequest, flow: Flow, expires: Expiries, now: Instant): Asked {
  const contacts = request.all('contact');
  const said = request.get('expires');
  if (contacts.length === 0) return { kind: 'query' };
  if (contacts.some((value) => value.trim() === '*')) {
    const isAlone = contacts.length === 1 && parseDeltaSeconds(said) === 0;
    return isAlone ? { kind: 'clear' } : refused(400, 'Bad Request: * goes alone, with Expires: 0');
  }
  if (contacts.length > registerLimits.contacts) return refused(400, 'Bad Request: too many Contacts');
  const path = request.all('path');
  if (lengthOf(path) > registerLimits.path) return refused(400, 'Bad Request: Path is too long');
  const supports = request.all('supported').some((tag) => tag.toLowerCase() === 'outbound');
  // RFC 5626 6: what came by a proxy has its flow there, if that says so.
  const direct = request.all('via').length === 1;
  const keepsFlow = direct ? flow.connection !== undefined : endsInFlow(path);
  const outbound = supports && contacts.some((value) => parseNameAddress(value)?.params.has('reg-id'));
  if (outbound && !direct && !keepsFlow) return refused(439);
  const facts = {
    registeredAt: now.wall,
    callId: detach(request.callId),
    cseq: request.cseq.number,
    flow,
    path: path.map(detach),
    userAgent: request.get('user-agent'),
  };
  const read: { readonly binding: Binding; readonly remove: boolean }[] = [];
  for (const value of contacts) {
    const address = parseNameAddress(value);
    const uri = address && parseUri(address.uri);
    if (!address || !uri || (uri.scheme !== 'sip' && uri.scheme !== 'sips') || address.uri.length > registerLimits.uri)
      return refused(400, 'Bad Request: Contact');
    const seconds = parseDeltaSeconds(address.params.get('expires') ?? said);
    const asked = seconds === undefined ? usualExpires : seconds * 1000;
    // Step 7: an hour and more is never too brief.
    if (asked > 0 && asked < 3_600_000 && asked < expires.min) return refused(423);
    const { instance, regId } = flowOf(address.params.get('+sip.instance'), address.params.get('reg-id'));
    const { userAgent, ...rest } = facts;
    read.push({
      remove: asked === 0,
      binding: {
        ...rest,
        uri: detach(address.uri),
        q: preference(address.params.get('q')),
        expiresAt: now.wall + Math.min(asked, expires.max),
        ...(instance === undefined ? {} : { instance }),
        ...(outbound && keepsFlow && regId !== undefined ? { regId } : {}),
        ...(userAgent === undefined ? {} : { userAgent: detach(userAgent.slice(0, registerLimits.userAgent)) }),
      },
    });
  }
  // RFC 5626 6: one flow, one binding.
  const flows = read.filter(({ binding, remove }) => binding.regId !== undefined && !remove);
  if (flows.length > 1) return refused(400, 'Bad Request: one Contact with reg-id');
  return { kind: 'update', contacts: read, outbound: flows.length > 0 };
}

function refused(status: number, phrase?: string): Asked {
  return { kind: 'refused', status, ...(phrase === undefined ? {} : { phrase }) };
}

/** The edge that the device registered by is the last that put itself into Path, and says by `ob` that it keeps the flow. */
function endsInFlow(path: readonly Octets[]): boolean {
  const edge = parseNameAddress(path.at(-1) ?? '');
  return parseUri(edge?.uri ?? '')?.params.has('ob') === true;
}

function flowOf(
  instance: Octets | undefined,
  regId: Octets | undefined,
): { readonly instance?: Octets; readonly regId?: number } {
  if (instance === undefined || instance === '' || instance.length > registerLimits.instance) return {};
  const id = regId === undefined || !/^\d{1,10}$/.test(regId) ? 0 : Number(regId);
  return { instance: detach(instance), ...(id > 0 && id < 2 ** 31 ? { regId: id } : {}) };
}

/** RFC 3261 20.10: from 0 to 1; 1 for who says nothing that can be read. */
function preference(q: Octets | undefined): number {
  const value = q === undefined || q === '' ? 1 : Number(q);
  return value >= 0 && value <= 1 ? value : 1;
}

function lengthOf(values: readonly Octets[]): number {
  let sum = 0;
  for (const value of values) sum += value.length;
  return sum;
}
