import { parseMessage } from '#codec/sip-message';
import type { CallRecord, Effect, EndReason } from '#engine/ports';
import type { Octets } from '#kernel';
import type { Mix } from '../mix.ts';
import { helpNumber, helpNumbers, type Organisation, relayNumber } from '../organisation/organisation.ts';
import type { LiveCall, Topology } from '../organisation/topology.ts';
import { Violation } from './safety.ts';

/** Ends of a call for help before anybody answered that are not its refusal: who called, or what became of the process. */
const excused: ReadonlySet<EndReason> = new Set([
  'cancelled',
  'hangup',
  'restarted',
  'drained',
  'tested',
  'no-ack',
  'transferred',
]);

/** Calls for help go at once, to everybody who may help, and nobody else is told where they come from. */
export class HelpChecks {
  readonly #mix: Mix;
  readonly #organisation: Organisation;
  readonly #topology: Topology;
  /** Call -> notices of it. */
  readonly #told = new Map<string, number>();

  constructor(mix: Mix, organisation: Organisation, topology: Topology) {
    this.#mix = mix;
    this.#organisation = organisation;
    this.#topology = topology;
  }

  /** What a turn does. */
  act(effect: Effect): void {
    if (effect.kind === 'notify') this.#told.set(effect.notice.call, (this.#told.get(effect.notice.call) ?? 0) + 1);
    if (effect.kind !== 'decide' || !this.#organisation.hasEmergency) return;
    const { dialled, source } = effect.question;
    if (helpNumbers.has(dialled) && source !== 'north' && source !== 'south')
      throw new Violation(`somebody outside is asked about a call for help: ${JSON.stringify(effect.question)}`);
  }

  /** After each turn: nothing but ports and the DNS is waited for. */
  turn(calls: readonly LiveCall[]): void {
    for (const { call, phase, emergency, b } of calls)
      if (emergency !== undefined && phase === 'setup' && !b && this.#mix.named.size === 0)
        throw new Violation(`${call} is for help, and nobody has been called`);
  }

  /** Each message of ours, as it leaves. */
  sent(host: string, peer: string | undefined, octets: Octets): void {
    if (!/application\/pidf\+xml|\r\nGeolocation:/i.test(octets)) return;
    const message = parseMessage(octets);
    const trunk = this.#topology.trunk(peer ?? '');
    const called = message.kind === 'request' && message.method === 'INVITE' ? message.target?.user : undefined;
    if (trunk?.emergency === 'location' && (called === helpNumber || called === relayNumber)) return;
    throw new Violation(`${peer ?? host} is told a place: ${octets}`);
  }

  recorded(record: CallRecord, crashes: number): void {
    const { call, emergency, answeredAt, end, attempts, decisions } = record;
    if (decisions.length === 0 && end.reason !== 'bad-request' && !excused.has(end.reason))
      throw new Violation(`the record of ${call} does not say why: ${JSON.stringify(end)}`);
    if (emergency === undefined) return;
    const isTold = this.#organisation.notifies.some((kind) => kind !== 'message');
    const times = this.#told.get(call) ?? 0;
    if (attempts.length > 0 && isTold && times === 0 && crashes === 0 && end.by !== 'caller')
      throw new Violation(`nobody was told of ${call}, which is for help`);
    if (times > 2) throw new Violation(`${times} notices of ${call}`);
    if (answeredAt !== undefined || excused.has(end.reason) || end.by === 'caller') return;
    // Who forges says what can't be read.
    if (end.reason === 'bad-request' && this.#mix.faults.has('hostile')) return;
    const tried = new Set(attempts.map(({ leg }) => leg.trunk));
    for (const name of ['north', 'south']) {
      const isSkipped = decisions.some(
        ({ rule, outcome }) => rule === `trunk ${name}` && outcome.startsWith('skipped: '),
      );
      if (record.leg.trunk !== name && !tried.has(name) && !isSkipped)
        throw new Violation(`${call} is for help, and ${name} was not asked: ${JSON.stringify(record)}`);
    }
    // In the evening everybody goes home.
    const isLate = attempts.some((one) => one.end.sip?.status === 480);
    if (this.#isPlain && !isLate && ['north', 'south'].some((name) => this.#organisation.helpers[name] === 'answers'))
      throw new Violation(`${call} is for help, which was there: ${JSON.stringify(record)}`);
  }

  /** Whoever answers can be reached, and is there. */
  get #isPlain(): boolean {
    const { faults, named, reliable, ending } = this.#mix;
    const harmless = ['duplicates', 'clock-jumps', 'slow-store', 'quiet-peers', 'late-timers', 'options', 'registrars'];
    return (
      ending === undefined &&
      named.size === 0 &&
      reliable.size > 2 &&
      [...faults].every((fault) => harmless.includes(fault))
    );
  }
}
