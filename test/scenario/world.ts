/** The engine and all around it that is not a SIP peer: clock, dice, media process, record store, checkpoints. */
import type { CallRecord } from '#cdr';
import type { AllocatedStream, MediaRequest, SessionPlan } from '#codec/media-control';
import { type Effect, Engine, type Input } from '#engine';
import { type Octets, seeded } from '#kernel';
import type { Configuration } from '#policy/configuration';
import type { DecisionOutcome, DecisionQuestion } from '#policy/decision';
import type { Flow, TlsTarget } from '#sip/flow';
import type { DnsQuestion } from '#sip/locate';
import { placeAnswered } from './place-told.ts';
import { Zone } from './zone.ts';

interface Session {
  plan: SessionPlan;
  streams: AllocatedStream[];
  /** Times that it was told to be silent since something was heard. */
  silences: number;
}

/** What the engine did that a ladder has to name, in order. */
export type Seen =
  | { readonly kind: 'send'; readonly flow: Flow; readonly octets: Octets; readonly at: number }
  | { readonly kind: 'connect'; readonly flow: Flow; readonly tls: TlsTarget | undefined; readonly at: number }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'idle' };

function elseOf({ route, refuse, trunks }: DecisionQuestion['routes']): string {
  if (refuse !== undefined) return `refused with ${refuse}`;
  return route === undefined ? 'nowhere' : `${route} by ${trunks.join('+')}`;
}

const epoch = Date.UTC(2026, 0, 1);

export class World {
  readonly seen: Seen[] = [];
  readonly sessions = new Map<string, Session>();
  readonly checkpoints = new Map<string, string>();
  /** Durable records, in order of their coming. */
  readonly records = new Map<string, CallRecord>();
  /** The last plan that was carried out. */
  lastPlan: SessionPlan | undefined;
  /** Ms since the ladder began; a crash does not turn it back. */
  elapsed = 0;
  media: 'answers' | 'no-ports' | 'holds' | 'dead' = 'answers';
  store: 'answers' | 'holds' | 'deaf' = 'answers';
  #configuration: Configuration;
  #engine: Engine;
  #lives = 1;
  /** `elapsed` when this process began: its monotonic clock counts from there. */
  #born = 0;
  #wallShift = 0;
  #nextPort = { internal: 20_000, external: 30_000 };
  #heldMedia: MediaRequest[] = [];
  #heldRecords: CallRecord[] = [];
  readonly #inputs: Input[] = [];
  /** What comes by itself, at `elapsed` ms: answers of the DNS. */
  #later: { readonly at: number; readonly input: Input }[] = [];
  readonly zone: Zone;
  /** Questions to the DNS since somebody looked, "A itsp.example". */
  asked: string[] = [];
  /** Keys that the media process was asked to make, until a line names them. */
  made: string[] = [];
  /** Who was told of calls for help, until a line names them: "webhook 911 hq". */
  notices: string[] = [];
  /** What the decision service was asked, until a line names it: "+4930 of pbx, else out by itsp". */
  questions: string[] = [];
  /** Ids of questions that it has not answered, in order. */
  #unanswered: { readonly kind: 'decided' | 'located'; readonly id: number }[] = [];
  readonly #outstanding = new Set<string>();

  constructor(configuration: Configuration, zone = new Zone()) {
    this.#configuration = configuration;
    this.zone = zone;
    this.#engine = new Engine({ configuration, random: seeded(1) });
    this.#carryOut(this.#engine.restore([], this.now));
    this.give({ kind: 'media', message: { kind: 'hello', version: 1, instance: 'first' } });
  }

  get now() {
    return { mono: this.elapsed - this.#born, wall: epoch + this.elapsed + this.#wallShift };
  }

  /** One input, and all that its effects lead to at the same instant. */
  give(input: Input): void {
    this.#inputs.push(input);
    for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#handle(next);
  }

  #handle(input: Input): void {
    if (input.kind === 'resolved') this.#outstanding.delete(`${input.question.type} ${input.question.name}`);
    this.#carryOut(this.#engine.handle(input, this.now));
  }

  /** Lets time pass; deadlines fire on the way, each at its own time. */
  pass(ms: number): void {
    this.passUntil(ms, () => false);
  }

  /** The same, but no further than until something is `seen` that the caller waits for. */
  passUntil(ms: number, seen: () => boolean): void {
    const until = this.elapsed + ms;
    while (!seen()) {
      const next = this.#next();
      if (next === undefined || next > until) {
        this.elapsed = until;
        return;
      }
      this.elapsed = Math.max(this.elapsed, next);
      if (this.#later[0] && this.#later[0].at <= this.elapsed) this.give(this.#later.shift()!.input);
      else this.#wake();
    }
  }

  #wake(): void {
    this.give({ kind: 'wake' });
    const next = this.#engine.nextDeadline();
    if (next !== undefined && next <= this.now.mono)
      throw new Error(`time does not go on: a deadline stays at ${next}`);
  }

  /** `elapsed` of what happens next by itself. */
  #next(): number | undefined {
    const deadline = this.#engine.nextDeadline();
    const times = [deadline === undefined ? undefined : deadline + this.#born, this.#later[0]?.at];
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** Names of the deadlines that are armed. */
  get deadlines(): string[] {
    return [...this.#engine.deadlines].map(({ name }) => name).sort();
  }

  /** Ms until nothing is armed any more; endless waiting is an error. */
  comeToRest(): void {
    for (let rounds = 0; this.#engine.nextDeadline() !== undefined; rounds++) {
      if (rounds > 200) throw new Error(`no rest after ${this.elapsed} ms: ${JSON.stringify(this.#engine.inspect())}`);
      this.pass(Math.max(0, this.#engine.nextDeadline()! - this.now.mono));
    }
  }

  inspect(): Record<string, unknown> {
    return this.#engine.inspect();
  }

  /** The wall clock was never set. */
  get steady(): boolean {
    return this.#wallShift === 0;
  }

  jumpClock(ms: number): void {
    this.#wallShift += ms;
  }

  /** kill -9 of the signalling process, and the next one with what was kept. */
  crash(configuration = this.#configuration): void {
    this.#configuration = configuration;
    this.#heldRecords = [];
    this.#born = this.elapsed;
    this.#lives++;
    this.#engine = new Engine({ configuration: this.#configuration, random: seeded(this.#lives) });
    this.#heldMedia = [];
    this.#later = [];
    this.#outstanding.clear();
    this.#unanswered = [];
    this.#carryOut(this.#engine.restore([...this.checkpoints], this.now));
    for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#handle(next);
    if (this.media !== 'dead') this.give({ kind: 'media', message: { kind: 'hello', version: 1, instance: 'first' } });
  }

  /** Another configuration, taken while all goes on. */
  configure(configuration: Configuration): void {
    this.#configuration = configuration;
    this.give({ kind: 'configure', configuration });
  }

  mediaDies(): void {
    this.sessions.clear();
    this.mediaIsCutOff();
  }

  /** The link falls, the process goes on. */
  mediaIsCutOff(): void {
    this.media = 'dead';
    this.#heldMedia = [];
    this.give({ kind: 'media-down' });
  }

  mediaIsBack(): void {
    this.media = 'answers';
    this.give({ kind: 'media', message: { kind: 'hello', version: 1, instance: `after ${this.elapsed}` } });
  }

  /** All sessions fall silent once more, or one side of theirs does, for as long as is told of; or it is over. */
  mediaHears(kind: 'silent' | 'heard', side: 'a' | 'b' | undefined): void {
    for (const [session, known] of this.sessions) {
      if (known.plan.silenceMs === 0) continue;
      if (kind === 'silent' && side === undefined) known.silences++;
      const silentMs = Math.max(1, known.silences) * known.plan.silenceMs;
      if (kind === 'heard') known.silences = 0;
      this.give({ kind: 'media', message: { kind, session, silentMs, ...(side === undefined ? {} : { side }) } });
    }
  }

  mediaHearsKey(from: 'a' | 'b', key: string, ms: number): void {
    for (const session of this.sessions.keys())
      this.give({ kind: 'media', message: { kind: 'pressed', session, from, key, ms } });
  }

  mediaAnswers(): void {
    this.media = 'answers';
    for (const request of this.#heldMedia.splice(0)) this.#order(request);
    this.#drain();
  }

  storeAnswers(): void {
    this.store = 'answers';
    for (const record of this.#heldRecords.splice(0)) this.#write(record);
    this.#drain();
  }

  /** The decision service, or a location server, answers the question that has waited longest, in time or not. */
  serviceAnswers(outcome: DecisionOutcome): void {
    const asked = this.#unanswered.shift();
    if (!asked) throw new Error('the service was asked nothing');
    const { kind, id } = asked;
    if (kind === 'decided') this.give({ kind, id, outcome });
    else this.give({ kind, id, outcome: outcome.kind === 'failed' ? outcome : placeAnswered(outcome.text) });
  }

  #drain(): void {
    const next = this.#inputs.shift();
    if (next) this.give(next);
  }

  #carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send':
          this.seen.push({ kind: 'send', flow: effect.flow, octets: effect.octets, at: this.elapsed });
          break;
        case 'connect':
          this.seen.push({ kind: 'connect', flow: effect.flow, tls: effect.tls, at: this.elapsed });
          break;
        case 'resolve':
          this.#resolve(effect.question);
          break;
        case 'drop':
          this.seen.push({ kind: 'drop', reason: effect.reason });
          break;
        case 'idle':
          this.seen.push({ kind: 'idle' });
          break;
        case 'checkpoint':
          this.checkpoints.set(effect.call, effect.state);
          break;
        case 'forget':
          this.checkpoints.delete(effect.call);
          break;
        case 'record':
          this.#write(effect.record);
          break;
        case 'media':
          this.#order(effect.request);
          break;
        case 'notify': {
          const { number, location, test } = effect.notice;
          this.notices.push(`${effect.to.kind} ${test ? 'test of ' : ''}${number} ${location?.name ?? 'nowhere'}`);
          break;
        }
        case 'report':
          this.notices.push(`report ${effect.report.report.kind} of ${effect.report.source}`);
          break;
        case 'decide': {
          const { number, source, routes } = effect.question;
          this.#unanswered.push({ kind: 'decided', id: effect.id });
          this.questions.push(`${number} of ${source}, else ${elseOf(routes)}`);
          break;
        }
        case 'locate':
          this.#unanswered.push({ kind: 'located', id: effect.id });
          this.questions.push(effect.uri);
          break;
        case 'log':
          if (effect.level === 'error')
            throw new Error(`the engine logs ${effect.event}: ${JSON.stringify(effect.fields)}`);
          break;
        case 'close':
          break;
      }
    }
  }

  #resolve(question: DnsQuestion): void {
    const key = `${question.type} ${question.name}`;
    this.asked.push(key);
    if (this.#outstanding.has(key)) throw new Error(`the DNS is asked for ${key} twice at once`);
    const answer = this.zone.answer(question);
    if (!answer) return; // Nor ever: the engine may ask again.
    this.#outstanding.add(key);
    const input: Input = { kind: 'resolved', question, answer };
    const at = this.elapsed + this.zone.delay;
    if (this.zone.delay === 0) this.#inputs.push(input);
    else this.#later = [...this.#later, { at, input }].sort((a, b) => a.at - b.at);
    this.#outstanding.delete(key);
  }

  #write(record: CallRecord): void {
    if (this.store === 'holds') {
      this.#heldRecords.push(record);
      return;
    }
    const known = this.records.get(record.call);
    if (known && JSON.stringify(known) !== JSON.stringify(record))
      throw new Error(`two different records of one call:\n${JSON.stringify(known)}\n${JSON.stringify(record)}`);
    this.records.set(record.call, record);
    if (this.store === 'answers') this.#inputs.push({ kind: 'recorded', calls: [record.call] });
  }

  #order(request: MediaRequest): void {
    if (this.media === 'dead') return;
    if (this.media === 'holds') {
      this.#heldMedia.push(request);
      return;
    }
    const { id } = request;
    const answer = (message: Extract<Input, { kind: 'media' }>['message']) =>
      void this.#inputs.push({ kind: 'media', message });
    switch (request.kind) {
      case 'apply': {
        const { plan } = request;
        const known = this.sessions.get(plan.session);
        const streams = plan.streams.map((stream, index): AllocatedStream => {
          const same = known?.plan.streams[index];
          const kept = known?.streams[index];
          return {
            stream: stream.stream,
            a: kept && same?.a.interface === stream.a.interface ? kept.a : this.#port(stream.a.interface),
            b: kept && same?.b.interface === stream.b.interface ? kept.b : this.#port(stream.b.interface),
          };
        });
        if (this.media === 'no-ports' && streams.some((stream, index) => stream.a !== known?.streams[index]?.a))
          return answer({ id, kind: 'failed', reason: 'no-ports', detail: 'the range is used up' });
        this.sessions.set(plan.session, { plan, streams, silences: known?.silences ?? 0 });
        this.lastPlan = plan;
        return answer({ id, kind: 'applied', session: plan.session, streams });
      }
      case 'close':
        if (!this.sessions.delete(request.session))
          return answer({ id, kind: 'failed', reason: 'unknown-session', detail: request.session });
        return answer({ id, kind: 'closed', session: request.session, counters: [] });
      case 'press': {
        const { session, from, key, ms } = request;
        this.made.push(`${key} of ${from === 'a' ? 'caller' : 'callee'} for ${ms}ms`);
        return answer({ id, kind: 'press', session, taken: true });
      }
      case 'list':
        return answer({ id, kind: 'list', sessions: [...this.sessions.keys()] });
      case 'counters':
        return answer({ id, kind: 'counters', sessions: {} });
    }
  }

  #port(which: 'internal' | 'external') {
    const port = this.#nextPort[which];
    this.#nextPort[which] += 2;
    return { host: this.#configuration.media[which].advertise, port, rtcpPort: port + 1 };
  }
}
