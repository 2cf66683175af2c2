import type { CallHandle, PlaceWaiter } from '#call';
import type { Deadline, Deadlines, Instant, Octets } from '#kernel';
import type { Configuration } from '#policy/configuration';
import type { PlaceOutcome } from '#policy/emergency';
import type { Sleeper } from '#sip/transaction';
import { engineLimits } from './limits.ts';
import type { Effect } from './ports/index.ts';

export interface PlaceQuestionsServices {
  readonly deadlines: Deadlines<Sleeper>;
  emit(effect: Extract<Effect, { kind: 'locate' }>): void;
  /** Runs what a waiter does, so that what breaks there ends its call alone. */
  within(call: CallHandle, now: Instant, act: () => void): void;
}

class Question implements Sleeper {
  readonly waiter: PlaceWaiter;
  readonly #late: (now: Instant) => void;
  deadline: Deadline<Sleeper> | undefined;

  constructor(waiter: PlaceWaiter, late: (now: Instant) => void) {
    this.waiter = waiter;
    this.#late = late;
  }

  wake(_name: string, now: Instant): void {
    this.deadline = undefined;
    this.#late(now);
  }
}

/** Asks for places that calls tell by reference (RFC 6753), for as long as the configuration says: help is called then, told or not. */
export class PlaceQuestions {
  readonly #services: PlaceQuestionsServices;
  readonly #open = new Map<number, Question>();
  #id = 0;

  constructor(services: PlaceQuestionsServices) {
    this.#services = services;
  }

  /** Undefined: nobody is asked. The waiter is told, once, unless it lets go before. */
  ask(uri: Octets, emergency: Configuration['emergency'], waiter: PlaceWaiter, now: Instant): (() => void) | undefined {
    const { dereference } = emergency ?? {};
    const host = dereference && webHost(uri);
    if (!dereference || host === undefined || !dereference.hosts.includes(host)) return undefined;
    if (this.#open.size >= engineLimits.decisions) return undefined;
    const id = ++this.#id;
    const { deadlines, emit, within } = this.#services;
    const question = new Question(waiter, (at) => {
      this.#open.delete(id);
      within(waiter.call, at, () => waiter.onLocated(undefined, at));
    });
    this.#open.set(id, question);
    question.deadline = deadlines.set('location server', question, now.mono + dereference.timeout);
    emit({ kind: 'locate', id, uri });
    return () => void this.#close(id);
  }

  /** The server has answered, or can't. */
  heard(id: number, outcome: PlaceOutcome, now: Instant): void {
    const waiter = this.#close(id)?.waiter;
    if (waiter) this.#services.within(waiter.call, now, () => waiter.onLocated(outcome, now));
  }

  #close(id: number): Question | undefined {
    const question = this.#open.get(id);
    if (!question) return undefined;
    this.#open.delete(id);
    this.#services.deadlines.clear(question.deadline);
    return question;
  }
}

/** In lower case, with its port where it says one: "lis.example.com:8443". */
function webHost(uri: Octets): string | undefined {
  const start = /^https?:\/\//i.exec(uri)?.[0].length;
  if (start === undefined) return undefined;
  let end = start;
  while (end < uri.length && !'/?#'.includes(uri[end]!)) end++;
  // What stands before "@" is no host.
  const host = uri.slice(start, end).toLowerCase();
  return host === '' || host.includes('@') ? undefined : host;
}
