import type { Header, SipRequest } from '#codec/sip-message';
import type { Deadlines, Instant, Octets } from '#kernel';
import { dialogOfServer } from '#sip/dialog';
import { ReliableResponses, type ReliableUser } from '#sip/reliability';
import type { ServerTransaction, Sleeper, TimerValues } from '#sip/transaction';
import { saying } from './abilities.ts';
import { AgentLeg } from './agent-leg.ts';
import type { History, Line } from './line.ts';
import type { CalleePlan, TalkPlan } from './plan.ts';
import { heard } from './sdp.ts';
import { AgentSession } from './session.ts';

/** A provisional response as it was sent reliably. */
interface Said {
  readonly status: number;
  readonly body: Octets;
}

/** The call at the called end, as its phones see it. */
interface RingingCall {
  readonly history: History;
  readonly legs: Map<string, AgentLeg>;
  resume(now: Instant): void;
  cancelled(now: Instant): void;
  refuse(status: number, now: Instant): void;
}

/** One of the phones that a call to the called end rings at. */
export class CalleeFork implements ReliableUser<Said>, Sleeper {
  readonly tag: string;
  /** Its dialog, from its first response on. */
  leg: AgentLeg | undefined;
  readonly sleeper: this = this;
  readonly #call: RingingCall;
  readonly #line: Line;
  readonly #invite: SipRequest;
  readonly #transaction: ServerTransaction<Sleeper>;
  readonly #plan: CalleePlan;
  readonly #port: number;
  readonly #responses: ReliableResponses<Said>;
  #over = false;

  constructor(
    call: RingingCall,
    line: Line,
    invite: SipRequest,
    transaction: ServerTransaction<Sleeper>,
    plan: CalleePlan,
    tag: string,
    port: number,
  ) {
    this.#call = call;
    this.#line = line;
    this.#invite = invite;
    this.#transaction = transaction;
    this.#plan = plan;
    this.tag = tag;
    this.#port = port;
    this.#responses = new ReliableResponses(this, 1 + line.dice.integer(1_000_000), invite.cseq.number);
  }

  get deadlines(): Deadlines<Sleeper> {
    return this.#line.deadlines;
  }

  get timers(): TimerValues {
    return this.#line.layer.timers;
  }

  /** RFC 3262 3, RFC 3311 5.1: its 2xx would come before what it waits for. */
  get holdsAnswer(): boolean {
    return this.#responses.unacknowledged.some(({ body }) => body !== '') || this.leg?.isAsking === true;
  }

  progress(step: CalleePlan['progress'][number], now: Instant): void {
    const invite = this.#invite;
    const leg = this.answering(undefined, 'early');
    const required = invite.all('require').includes('100rel');
    const isTaken = this.#line.abilities.reliable && (required || invite.all('supported').includes('100rel'));
    const reliable = isTaken && (step.reliable || required);
    const { session } = leg;
    let body = '';
    // The answer, which is the same when it is said again; or the offer, where there was none.
    if (step.sdp && !session.agreed && invite.body !== '') body = session.said || session.describe('sendrecv');
    else if (step.sdp && reliable && invite.body === '' && session.said === '') body = session.describe('sendrecv');
    const response = { status: step.status, body };
    if (reliable) this.#responses.send(response, now);
    else this.#respond(response, [], now);
  }

  /** Its dialog. */
  answering(plan: TalkPlan | undefined, state: 'early' | 'answering' = 'answering'): AgentLeg {
    if (this.leg) {
      if (state === 'answering') this.leg.plan = plan;
      return this.leg;
    }
    const invite = this.#invite;
    const line = this.#line;
    const offer = invite.body === '' ? undefined : heard(invite.body);
    const streams = offer?.streams ?? (invite.body === '' ? this.#plan.streams : 1);
    const session = new AgentSession(line, invite.callId, this.#port, streams, this.#plan.video);
    const leg = new AgentLeg({
      line,
      dialog: dialogOfServer(invite, this.tag),
      history: this.#call.history,
      session,
      plan,
      state,
      onOver: () => {},
    });
    leg.offerless = invite.body === '';
    leg.early = {
      responses: this.#responses,
      agreed: (now) => leg.doEarly(this.#plan.early, now),
      resume: (now) => this.#call.resume(now),
      hungUp: (now) => this.#call.cancelled(now),
    };
    this.leg = leg;
    this.#call.legs.set(this.tag, leg);
    return leg;
  }

  /** A final response goes out. */
  stop(): void {
    this.#over = true;
    this.#responses.stop();
  }

  send(response: Said, rseq: number, now: Instant): Octets {
    return this.#respond(
      response,
      [
        ['Require', '100rel'],
        ['RSeq', String(rseq)],
      ],
      now,
    );
  }

  sendAgain(octets: Octets, now: Instant): void {
    this.#line.layer.respondAgain(this.#transaction, 183, octets, now.mono);
  }

  /** RFC 3262 3: nobody has acknowledged. */
  gaveUp(now: Instant): void {
    if (!this.#over) this.#call.refuse(504, now);
  }

  wake(_name: string, now: Instant): void {
    this.#responses.wake(now);
  }

  #respond({ status, body }: Said, more: readonly Header[], now: Instant): Octets {
    const { layer, contact, recordRoute, abilities } = this.#line;
    const headers: Header[] = [['Contact', contact], ...saying(abilities), ...more];
    if (recordRoute !== undefined) headers.push(['Record-Route', recordRoute]);
    if (body !== '') headers.push(['Content-Type', 'application/sdp']);
    return layer.respond(this.#transaction, { status, toTag: this.tag, headers, body }, now.mono);
  }
}
