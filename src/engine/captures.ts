import type { Call } from '#call';
import type { MediaCapture } from '#cdr';
import type { CaptureNotice, CapturePlan } from '#codec/media-control';
import type { Instant, Octets, Open } from '#kernel';
import { type ArmedCapture, fitsArmed, mayBeCaptured, type Sides } from '#policy/captures';
import type { Configuration } from '#policy/configuration';
import type { Input } from './ports/index.ts';

/** Captures of one call. */
const mostCaptures = 20;
/** That wait for their calls, as far as they are heeded; and ids of such that have had theirs. */
const mostArmed = 100;
/** Of what a copy has left when its call becomes another: less is not worth a file. Ms. */
const leastLeft = 1_000;

interface CapturesUser {
  readonly calls: ReadonlyMap<string, Call>;
  readonly configuration: () => Configuration;
  readonly now: () => Instant;
}

type Wanted = Pick<MediaCapture, 'by' | 'reason' | 'keys' | 'armed' | 'continues'> & NonNullable<MediaCapture['most']>;

/**
 * Copies of the media of calls: what each plan says of them. One begins when somebody asks, with the first plan of a call that somebody
 * waits for, and with that of the call which a copied one becomes by a transfer.
 */
export class Captures {
  readonly #user: CapturesUser;
  #armed: readonly ArmedCapture[] = [];
  /** Who waits is told again after a restart of either process, and may have been heard meanwhile. */
  readonly #had = new Set<string>();
  /** Calls that go on in this one, and are copied. */
  readonly #before = new WeakMap<Call, Call>();

  constructor(user: CapturesUser) {
    this.#user = user;
  }

  /** Who waits for which calls, from now on. */
  arm(armed: readonly ArmedCapture[]): void {
    this.#armed = armed.filter(({ id }) => !this.#had.has(id)).slice(0, mostArmed);
  }

  /** What is to be copied of a call whose plan is being made. */
  of(id: string): CapturePlan | undefined {
    const call = this.#user.calls.get(id);
    if (!call) return undefined;
    const before = call.phase === 'answered' && this.#before.get(call);
    if (before) this.#goOn(before, call);
    if (this.#armed.length > 0) this.#look(call);
    return planOf(call.captures.find(isRunning));
  }

  /** A leg of one call goes on in another. */
  leaves(id: string, heir: string): void {
    const from = this.#user.calls.get(id);
    const into = this.#user.calls.get(heir);
    if (into && from?.captures.some(isRunning) && !this.#before.has(into)) this.#before.set(into, from);
  }

  #goOn(from: Call, into: Call): void {
    this.#before.delete(into);
    const { now, configuration } = this.#user;
    const rules = configuration().tracing?.media;
    const running = from.captures.find(isRunning);
    if (!running?.most || running.ending || into.captures.some(isRunning)) return;
    const { name, by, reason, keys, most, startedAt } = running;
    const left = startedAt + most.ms - now().wall;
    if (left < leastLeft) return;
    const no = (why: string) => from.decide('capture', `does not go on in call ${into.id}: ${why}`);
    if (!rules || !mayBeCaptured(rules, configuration(), sidesOf(into)))
      return no('it is none of those whose media may be copied');
    if (rules.by?.includes(by) === false) return no(`${by} may not have media copied any more`);
    const next = begin(
      into,
      { by, reason, ...(keys && { keys }), ms: left, octets: most.octets, continues: name },
      now(),
    );
    from.decide('capture', `goes on in call ${into.id} as ${next}`);
  }

  #look(call: Call): void {
    const { now, configuration } = this.#user;
    const rules = configuration().tracing?.media;
    if (!rules || call.phase === 'ended' || call.captures.some(isRunning) || call.captures.length >= mostCaptures)
      return;
    const seen = sidesOf(call);
    const { wall } = now();
    const found = this.#armed.find(
      (one) =>
        wall < one.until &&
        fitsArmed(one, seen) &&
        (!one.sites || mayBeCaptured({ sites: one.sites }, configuration(), seen)),
    );
    // Who armed it may not be one of them any more.
    if (!found || !mayBeCaptured(rules, configuration(), seen) || rules.by?.includes(found.by) === false) return;
    this.#armed = this.#armed.filter((one) => one !== found);
    if (this.#had.size >= mostArmed) this.#had.delete(this.#had.values().next().value!);
    this.#had.add(found.id);
    const { id: armed, by, reason } = found;
    // What was allowed then may not be any more.
    const keys = found.keys && configuration().tracing?.keys;
    const ms = Math.min(found.ms, rules.longest);
    begin(call, { by, reason, ...(keys && { keys }), ms, octets: Math.min(found.octets, rules.size), armed }, now());
  }
}

interface Seen extends Sides {
  readonly startedAt: number;
  readonly caller: Octets;
  readonly called: Octets;
}

/** As status tells it. */
function sidesOf(call: Call): Seen {
  return call.inspect() as unknown as Seen;
}

function begin(call: Call, { ms, octets, ...wanted }: Wanted, now: Instant): string {
  const name = `${call.id}-${call.captures.length + 1}`;
  call.captures.push({ name, ...wanted, most: { ms, octets }, startedAt: now.wall });
  call.decide('capture', `media is copied for ${wanted.by}: ${wanted.reason}`);
  call.checkpoint();
  return name;
}

/** Begins a copy of the media of a call, or ends it. Where one goes on, or nothing passes here, none begins. */
export function captureAsked(
  call: Call,
  input: Extract<Input, { readonly kind: 'capture' | 'end-capture' }>,
  now: Instant,
): void {
  const { media, captures } = call;
  const running = captures.findIndex(isRunning);
  if (input.kind === 'end-capture') {
    if (running < 0 || !media || captures[running]!.ending) return;
    call.decide('capture', `ended by ${input.by}`);
    captures[running] = { ...captures[running]!, ending: true };
    call.checkpoint();
  } else {
    if (running >= 0 || !media || call.phase === 'ended' || captures.length >= mostCaptures) return;
    const { by, reason, ms, octets, keys } = input;
    begin(call, { by, reason, ...(keys && { keys }), ms, octets }, now);
  }
  // Before its first plan there is nothing that could be copied.
  if (call.mediaOrder >= 0) call.orderMedia(undefined);
}

/** The media process has ended one. */
export function captureOver(
  call: Call,
  { name, why, detail, packets, dropped, octets }: CaptureNotice,
  now: Instant,
): void {
  const at = call.captures.findIndex((one) => one.name === name);
  const capture = call.captures[at];
  if (!capture || !isRunning(capture)) return;
  const { ending: _, ...told } = capture;
  const over: Open<MediaCapture> = { ...told, endedAt: now.wall, why, packets, dropped, octets };
  if (detail !== undefined) over.detail = detail;
  call.captures[at] = over;
  call.checkpoint();
}

/** The media process that wrote it is gone. */
export function captureLost(call: Call, now: Instant): void {
  const at = call.captures.findIndex(isRunning);
  if (at >= 0) call.captures[at] = { ...call.captures[at]!, endedAt: now.wall, why: 'lost' };
}

function isRunning({ why }: MediaCapture): boolean {
  return why === undefined;
}

function planOf(capture: MediaCapture | undefined): CapturePlan | undefined {
  if (!capture?.most || capture.ending) return undefined;
  const { name, most, keys } = capture;
  return keys ? { name, ...most, keys } : { name, ...most };
}
