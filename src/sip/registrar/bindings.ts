import { type Header, parseUri, quoted, type SipRequest } from '#codec/sip-message';
import { type Deadline, type Deadlines, formatHostPort, type Instant, type Octets } from '#kernel';
import type { Flow } from '#sip/flow';
import type { OutgoingResponse, Sleeper } from '#sip/transaction';
import { type Binding, isSameBinding } from './binding.ts';
import { gruuParams, isNamed, wantsGruu, withTemporary } from './gruu.ts';
import { type Asked, type Expiries, readRegister } from './read-register.ts';

export interface BindingsOptions {
  readonly deadlines: Deadlines<Sleeper>;
  expires(): Expiries;
  /** Bindings of all together; beyond it nobody registers anew. */
  readonly most: number;
  /** For temporary names, which nobody is to guess. */
  token(): Octets;
  /** What is bound to an address of record now; nothing when it is gone. To be kept. */
  changed(name: string, bindings: readonly Binding[], now: Instant): void;
}

/** Who may register, and how often at once. */
export interface Registrant {
  /** The user part of its address of record. */
  readonly name: string;
  /** Contacts at once: one more takes the place of the one that was refreshed longest ago. */
  readonly devices: number;
}

/** Seconds in which a device that keeps its flow has to say something (RFC 5626 4.4.1, 6.2). */
const flowTimer = 120;

/**
 * Where addresses of record are to be found (RFC 3261 10.3 from step 6 on; RFC 3327, RFC 5626). Who may register for one was
 * proved before. A REGISTER is done whole or not at all.
 */
export class Bindings implements Sleeper {
  readonly #options: BindingsOptions;
  readonly #bound = new Map<string, readonly Binding[]>();
  /** "udp 192.0.2.9:5060" or a connection -> whose devices register by it. */
  readonly #flows = new Map<string, Set<string>>();
  /** Temporary names -> whose device each is of. */
  readonly #temporary = new Map<Octets, string>();
  #size = 0;
  #deadline: Deadline<Sleeper> | undefined;
  /** When that was looked for last. */
  #looked = -Infinity;

  constructor(options: BindingsOptions) {
    this.#options = options;
  }

  /** Of all addresses together. */
  get size(): number {
    return this.#size;
  }

  get names(): Iterable<string> {
    return this.#bound.keys();
  }

  /** What stands for a name, the one registered last first. */
  of(name: string, now: Instant): readonly Binding[] {
    return (this.#bound.get(name) ?? []).filter(({ expiresAt }) => expiresAt > now.wall);
  }

  /** The flow of the device with this Contact, or name of its own (RFC 5627), now; of the only one where none has it, and that is at the same host. */
  flowTo(name: string, contact: Octets): Flow | undefined {
    const bound = this.#bound.get(name) ?? [];
    const same = bound.find((one) => one.uri === contact) ?? bound.find((one) => isNamed(one, contact));
    if (same) return same.flow;
    const [only] = bound;
    // Another telephone of the same user is not whom the dialog is with.
    const host = parseUri(contact)?.host;
    const isThere = only && (parseUri(only.uri)?.host === host || only.flow.remote.host === host);
    return isThere && bound.length === 1 ? only.flow : undefined;
  }

  /** The device that has a temporary name (RFC 5627 5.4), while it is registered. */
  byTemporary(user: Octets, now: Instant): { readonly name: string; readonly instance: Octets } | undefined {
    const name = this.#temporary.get(user);
    const binding = name === undefined ? undefined : this.of(name, now).find((one) => one.temporary?.includes(user));
    return binding?.instance === undefined ? undefined : { name: name!, instance: binding.instance };
  }

  /** Whose devices are at the other end of a flow. */
  at(flow: Flow): ReadonlySet<string> {
    return this.#flows.size === 0 ? nobody : (this.#flows.get(keyOf(flow)) ?? nobody);
  }

  /** `longest`: ms that it may be for, where that is less than for all. */
  register(
    { name, devices }: Registrant,
    request: SipRequest,
    flow: Flow,
    now: Instant,
    longest = Infinity,
  ): OutgoingResponse {
    const { most } = this.#options;
    const usual = this.#options.expires();
    const expires = { min: Math.min(usual.min, longest), max: Math.min(usual.max, longest) };
    const asked = readRegister(request, flow, expires, now);
    if (asked.kind === 'refused') {
      const { status, phrase } = asked;
      const headers: Header[] = status === 423 ? [['Min-Expires', String(Math.ceil(expires.min / 1000))]] : [];
      return { status, headers, ...(phrase === undefined ? {} : { phrase }) };
    }
    const before = this.of(name, now);
    const after =
      asked.kind === 'query'
        ? before
        : changedBy(asked, before, request, wantsGruu(request) ? () => this.#options.token() : undefined);
    // Step 6 and 7: it was overtaken by one that came later.
    if (!after) return { status: 500, phrase: 'Server Internal Error: out of order' };
    const kept = after.slice(0, Math.max(1, devices));
    if (kept.length > before.length && this.#size + kept.length - before.length > most)
      return { status: 503, headers: [['Retry-After', '60']] };
    if (asked.kind !== 'query') this.#set(name, kept, now);
    const outbound = asked.kind === 'update' && asked.outbound;
    return { status: 200, headers: granted(name, kept, request, outbound, now) };
  }

  /** Takes up what a process before this one kept. */
  restore(name: string, bindings: readonly Binding[], now: Instant): void {
    // A connection died with that process: by the address alone whoever listens there is still found.
    this.#set(
      name,
      bindings.filter(({ expiresAt }) => expiresAt > now.wall),
      now,
    );
  }

  /** A connection is gone, and the bindings that were flows of it with it (RFC 5626 7). */
  disconnected(flow: Flow, now: Instant): void {
    for (const name of [...this.at(flow)]) {
      const left = this.of(name, now).filter(
        (one) => one.regId === undefined || one.flow.connection !== flow.connection,
      );
      this.#set(name, left, now);
    }
  }

  /** Some binding has come to its end. */
  wake(_name: string, now: Instant): void {
    this.#deadline = undefined;
    this.#looked = now.mono;
    let earliest = Infinity;
    for (const [name, bindings] of [...this.#bound]) {
      if (bindings.some(({ expiresAt }) => expiresAt <= now.wall)) this.#set(name, this.of(name, now), now);
      for (const { expiresAt } of this.#bound.get(name) ?? []) earliest = Math.min(earliest, expiresAt);
    }
    this.#arm(earliest, now);
  }

  #set(name: string, bindings: readonly Binding[], now: Instant): void {
    const before = this.#bound.get(name) ?? [];
    for (const { flow, temporary = [] } of before) {
      this.#leave(keyOf(flow), name);
      for (const user of temporary) this.#temporary.delete(user);
    }
    if (bindings.length > 0) this.#bound.set(name, bindings);
    else this.#bound.delete(name);
    for (const { flow, temporary = [] } of bindings) {
      this.#join(keyOf(flow), name);
      for (const user of temporary) this.#temporary.set(user, name);
    }
    this.#size += bindings.length - before.length;
    this.#options.changed(name, bindings, now);
    this.#arm(Math.min(Infinity, ...bindings.map(({ expiresAt }) => expiresAt)), now);
  }

  #join(flow: string, name: string): void {
    const names = this.#flows.get(flow);
    if (names) names.add(name);
    else this.#flows.set(flow, new Set([name]));
  }

  #leave(flow: string, name: string): void {
    const names = this.#flows.get(flow);
    names?.delete(name);
    if (names?.size === 0) this.#flows.delete(flow);
  }

  /** What is over is nowhere to be seen; that it goes is looked after when it is, and not too often where that are many. */
  #arm(earliest: number, now: Instant): void {
    const { deadlines } = this.#options;
    if (this.#size === 0) {
      deadlines.clear(this.#deadline);
      this.#deadline = undefined;
      return;
    }
    if (earliest === Infinity) return;
    const at = Math.max(now.mono + earliest - now.wall, this.#looked + sweep);
    if (this.#deadline && this.#deadline.at <= at) return;
    deadlines.clear(this.#deadline);
    this.#deadline = deadlines.set('bindings', this, at);
  }
}

/** Ms between looks for bindings that are over, at least. */
const sweep = 10_000;

const nobody: ReadonlySet<string> = new Set();

/** The bindings as a REGISTER leaves them, the ones that it speaks of first; undefined when it comes too late. */
function changedBy(
  asked: Extract<Asked, { kind: 'clear' | 'update' }>,
  before: readonly Binding[],
  { callId, cseq }: SipRequest,
  token: (() => Octets) | undefined,
): readonly Binding[] | undefined {
  const isOvertaken = (one: Binding) => one.callId === callId && one.cseq >= cseq.number;
  if (asked.kind === 'clear') return before.some(isOvertaken) ? undefined : [];
  let rest = before;
  const anew: Binding[] = [];
  for (const { binding, remove } of asked.contacts) {
    const same = rest.filter((one) => isSameBinding(one, binding));
    if (same.some(isOvertaken)) return undefined;
    rest = rest.filter((one) => !same.includes(one));
    const twice = anew.findIndex((one) => isSameBinding(one, binding));
    if (twice >= 0) anew.splice(twice, 1);
    if (!remove) anew.push(token ? withTemporary(binding, same[0], token()) : binding);
  }
  return [...anew, ...rest];
}

/** Step 8: all that is bound now. */
function granted(
  name: string,
  bindings: readonly Binding[],
  request: SipRequest,
  outbound: boolean,
  now: Instant,
): Header[] {
  const names = (binding: Binding) => (wantsGruu(request) ? gruuParams(name, request, binding) : '');
  const headers: Header[] = bindings.map((binding) => ['Contact', contactOf(binding, now) + names(binding)]);
  // RFC 3327 5.3
  for (const path of request.all('path')) headers.push(['Path', path]);
  headers.push(['Supported', 'path, outbound, gruu']);
  if (outbound) headers.push(['Require', 'outbound'], ['Flow-Timer', String(flowTimer)]);
  headers.push(['Date', new Date(now.wall).toUTCString()]);
  return headers;
}

function contactOf({ uri, q, expiresAt, instance, regId }: Binding, now: Instant): Octets {
  const seconds = Math.max(1, Math.ceil((expiresAt - now.wall) / 1000));
  const preferred = q === 1 ? '' : `;q=${q}`;
  const flow = instance === undefined ? '' : `;+sip.instance=${quoted(instance)}`;
  return `<${uri}>${preferred};expires=${seconds}${flow}${regId === undefined ? '' : `;reg-id=${regId}`}`;
}

function keyOf({ transport, remote, connection, listener }: Flow): string {
  return connection ?? `${listener} ${transport} ${formatHostPort(remote)}`;
}
