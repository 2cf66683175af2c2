import { qualityReportEvent } from '#codec/quality-report';
import type { Header, SipRequest } from '#codec/sip-message';
import type { Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';
import { allowedMethods, knownMethods } from '../headers.ts';

/** Methods whose requests name a package: in Event (RFC 6665, RFC 3903), or in Info-Package (RFC 6086). */
const packaged: ReadonlySet<string> = new Set(['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'INFO']);

/** Which requests beside calls pass to and from a trunk: its `passes`, and what it is told of them. */
export class Permits {
  /** Method -> the packages that pass; undefined: all. */
  readonly #methods = new Map<string, ReadonlySet<string> | undefined>();
  /** What is taken of it, and what passes: the Allow header. */
  readonly allow: string;
  /** What may be subscribed to: the Allow-Events header; '' where nothing, or everything, may. */
  readonly allowEvents: string;

  /** We take reports on voice quality from it ourselves (RFC 6035). */
  readonly #reports: boolean;

  /** `refer`: what becomes of its REFERs in calls. */
  constructor(
    passes: readonly string[] = [],
    refer?: NonNullable<Trunk['transfer']>['refer'],
    quality?: Trunk['quality'],
  ) {
    this.#reports = quality?.reports === true;
    for (const entry of passes) {
      const slash = entry.indexOf('/');
      const method = slash < 0 ? entry : entry.slice(0, slash);
      const known = this.#methods.get(method);
      if (slash < 0) this.#methods.set(method, undefined);
      else if (known || !this.#methods.has(method))
        this.#methods.set(method, new Set([...(known ?? []), entry.slice(slash + 1)]));
    }
    const ours = refer === 'refused' ? allowedMethods.filter((method) => method !== 'REFER') : allowedMethods;
    const methods: Set<string> = new Set([...ours, ...this.#methods.keys()]);
    // Who may subscribe is notified.
    if (methods.has('SUBSCRIBE') || methods.has('REFER')) methods.add('NOTIFY');
    if (this.#reports) methods.add('PUBLISH').add('NOTIFY');
    this.allow = [...methods].join(', ');
    this.allowEvents = [...(this.#methods.get('SUBSCRIBE') ?? [])].join(', ');
  }

  /** The method passes, if of some packages only. */
  passes(method: string): boolean {
    return this.#methods.has(method);
  }

  /** NOTIFYs of the package pass: by themselves, or since it may be subscribed to. */
  notifies(of: string | undefined): boolean {
    return of !== undefined && (this.let('SUBSCRIBE', of) || this.let('NOTIFY', of));
  }

  /** `of`: the package, of a method that has such. */
  let(method: string, of: string | undefined): boolean {
    if (!this.#methods.has(method)) return false;
    const packages = this.#methods.get(method);
    return !packages || (of !== undefined && packages.has(of));
  }

  /** It is a report on voice quality that we take, and that does not go on to somebody else. */
  takesReport(request: SipRequest): boolean {
    const { method } = request;
    if (!this.#reports || (method !== 'PUBLISH' && method !== 'NOTIFY')) return false;
    const of = packageOf(request);
    return of?.toLowerCase() === qualityReportEvent && !this.let(method, of);
  }

  /** Undefined when the request passes. */
  refusal(request: SipRequest): PassRefusal | undefined {
    const { method } = request;
    if (!this.#methods.has(method)) {
      // RFC 3903 6 step 2: of PUBLISH we take this package.
      if (this.#reports && method === 'PUBLISH')
        return { status: 489, headers: [['Allow-Events', qualityReportEvent]] };
      return { status: knownMethods.has(method) ? 405 : 501, headers: [['Allow', this.without(method)]] };
    }
    const of = packageOf(request);
    // RFC 6665 8.2.1, RFC 3903 6: there is no event without a package.
    if (this.let(method, of) && (of !== undefined || !packaged.has(method))) return undefined;
    return { status: 489, headers: this.events() };
  }

  /** Why a request that passes here does not pass on to `other`; undefined when it does. */
  refusalAt(other: Permits, request: SipRequest): PassRefusal | undefined {
    const refused = other.refusal(request);
    if (!refused) return undefined;
    if (refused.status === 489) {
      const events = without(this.allowEvents, packageOf(request));
      return { status: 489, headers: events === '' ? [] : [['Allow-Events', events]] };
    }
    return { status: refused.status, headers: [['Allow', this.without(request.method)]] };
  }

  /** The Allow header, for who may not do this one thing. */
  without(method: string): string {
    return without(this.allow, method);
  }

  /** Allow-Events, where it can tell. */
  events(): readonly Header[] {
    return this.allowEvents === '' ? [] : [['Allow-Events', this.allowEvents]];
  }
}

function without(list: string, one: string | undefined): string {
  return list
    .split(', ')
    .filter((each) => each !== one)
    .join(', ');
}

/** Why a request does not pass. */
export interface PassRefusal {
  readonly status: number;
  readonly headers: readonly Header[];
}

const permits = new WeakMap<Trunk, Permits>();

export function permitsOf(trunk: Trunk): Permits {
  let known = permits.get(trunk);
  if (!known) {
    known = new Permits(trunk.passes, trunk.transfer?.refer, trunk.quality);
    permits.set(trunk, known);
  }
  return known;
}

/** The package that a request names; undefined where it has none, or is of no method that has. */
export function packageOf(request: SipRequest): Octets | undefined {
  if (!packaged.has(request.method)) return undefined;
  return tokenOf(request.get(request.method === 'INFO' ? 'info-package' : 'event'));
}

/** "presence;id=3" -> "presence". */
export function tokenOf(value: Octets | undefined): Octets | undefined {
  if (value === undefined) return undefined;
  const end = value.indexOf(';');
  const token = (end < 0 ? value : value.slice(0, end)).trim();
  return token === '' ? undefined : token;
}
