import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CallRecord, describeEnd, type Listener } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { RecordReader } from '#shell/store';
import { lossPercent } from '../cdr-show.ts';
import { duration } from '../cdr-text.ts';
import { statusAdvice } from './advice.ts';
import { isUnspecified, listenerFor, localAddress, type Test } from './context.ts';
import { failed, noProgram, passed, type StepOutcome, skipped, warning } from './report.ts';
import { TestCall, tone } from './test-call.ts';

export interface CallOptions {
  readonly number: string | undefined;
  readonly caller: string;
  /** Of listening. */
  readonly seconds: number;
  readonly digits: string;
}

/** Ms until the answer, whether it rings or not; until the answer to a re-INVITE or BYE; until the record is written. */
const answerPatience = 45_000;
const offerPatience = 10_000;
const recordPatience = 5_000;
/** Ms of hold, and of listening after it. */
const holdTime = 1_000;
/** Ms for the last BYE or CANCEL to be answered. */
const farewell = 300;
/** Packets that may still be under way when a hold begins. */
const underWay = 10;
/** Of what was expected; more is heard. */
const mostLoss = 0.01;

/** One test call, step by step. Each needs those before it. */
export class CallSteps {
  readonly #test: Test;
  readonly #options: CallOptions;
  #call: TestCall | undefined;
  #began = 0;

  constructor(test: Test, options: CallOptions) {
    this.#test = test;
    this.#options = options;
  }

  /** Dials, and waits for the answer. */
  async dial(): Promise<StepOutcome> {
    const { number, caller } = this.#options;
    const { place, trunk } = this.#test;
    const { configuration, program } = place;
    if (number === undefined)
      return skipped('no number was given', { todo: ['Give one that may ring: --number +49…'] });
    if (!program) return skipped(noProgram, { todo: ['Start it: the call goes through it.'] });
    const listener = entrance(configuration.listeners);
    if (!listener) {
      return skipped('no listener takes UDP', {
        todo: ['Add one for the test call: a listener of side internal, bound to 127.0.0.1, with transports: udp.'],
      });
    }
    const side = listener.side === 'both' ? 'internal' : listener.side;
    const { mode, [side]: media } = configuration.media;
    const sip = near(listener.bind.host);
    const call = await TestCall.open({
      sip,
      // Bypassed media come from the peer itself.
      rtp: mode === 'anchor' ? near(media.bind) : this.#outside(),
      to: { host: sip, port: listener.bind.port },
      caller,
      called: number,
      // What is advertised may be another machine's address that only the outside knows: a NAT's.
      reach: (rtp) =>
        mode === 'anchor' && rtp.host === media.advertise ? { host: near(media.bind), port: rtp.port } : rtp,
    });
    this.#call = call;
    await program.ask('pass', { trunk: trunk.name, source: call.address, listener: listener.id });
    const sent = [
      `INVITE to ${number} over ${trunk.name}, from ${caller}, by ${formatHostPort(call.address)} and ${listener.id}`,
    ];
    const came: string[] = [];
    this.#began = Date.now();
    const since = performance.now();
    const after = () => `after ${duration(Math.round(performance.now() - since))}`;
    call.dial();
    let rang = false;
    for (;;) {
      const left = answerPatience - (performance.now() - since);
      const event = left > 0 ? await call.next(left) : undefined;
      switch (event?.kind) {
        case 'ringing': {
          rang = true;
          const early = event.answer !== '' && call.agree(event.answer) !== undefined;
          came.push(`${event.status} ${after()}${early ? `, with early media (${call.remote!.law.name})` : ''}`);
          continue;
        }
        case 'answered': {
          const remote = call.agree(event.answer);
          came.push(`200 ${after()}`);
          if (!remote) {
            call.hangUp();
            return failed('answered without G.711', { sent, came, todo: ['Have the peer offer PCMA or PCMU.'] });
          }
          came.push(`${remote.law.name}, RTP to ${remote.rtp ? formatHostPort(remote.rtp) : 'nowhere'}`);
          came.push(
            remote.digits === undefined ? 'no RFC 4733 digits' : `RFC 4733 digits as payload type ${remote.digits}`,
          );
          return passed(`answered ${after()}, ${remote.law.name}`, { sent, came });
        }
        case 'ended': {
          const { status, reason, cause } = event;
          came.push(
            `${status === 0 ? '' : `${status} `}${reason} ${after()}${cause === undefined ? '' : `, Reason: ${cause}`}`,
          );
          const todo = [statusAdvice(status, 'INVITE') ?? 'The decisions in the record below tell how it came about.'];
          const isOnlyBusy = [480, 486, 600, 603].includes(status) && rang;
          return (isOnlyBusy || [486, 600].includes(status) ? warning : failed)(
            status === 0 ? reason : `${status} ${reason}`,
            { sent, came, todo },
          );
        }
        case undefined:
          call.hangUp();
          return (rang ? warning : failed)(
            `not answered within ${answerPatience / 1000} s${rang ? ', though it rang' : ''}`,
            {
              sent,
              came,
              todo: ['Call a number that answers by itself: an echo test, an announcement.'],
            },
          );
        default:
      }
    }
  }

  /** Speaks, and listens. */
  async audio(): Promise<StepOutcome> {
    const call = this.#standing();
    if (!call) return skipped('no call stands');
    await this.#while(this.#options.seconds * 1000);
    const { reception, level, tone: echo } = call.listener!;
    const sent = [`${call.sent} packets of ${call.remote!.law.name}: a tone of ${tone.hertz} Hz at ${tone.level} dBm0`];
    if (reception.packets === 0) {
      return failed('nothing was heard: no RTP came back', {
        sent,
        came: ['no packet'],
        todo: [
          'The peer or a NAT does not reach our media ports: check media.external.advertise and the firewall (UDP).',
        ],
      });
    }
    const { packets, lost, jitterMs } = reception;
    const loud = level.level === undefined ? undefined : `${level.level.toFixed(1)} dBm0`;
    const came = [
      `${packets} packets, ${Math.max(0, lost)} lost, jitter ${(jitterMs ?? 0).toFixed(1)} ms`,
      loud === undefined ? 'silence' : `${duration(level.soundMs)} of sound, ${loud}`,
      ...(echo.heard ? [`our own tone for ${duration(echo.heardMs)}: the far end echoes`] : []),
    ];
    if (loud === undefined)
      return warning('packets came, and silence in them', { sent, came, todo: ['Call a number that speaks.'] });
    return passed(`heard ${loud}${echo.heard ? ', our own tone' : ''}`, { sent, came });
  }

  async dtmf(): Promise<StepOutcome> {
    const call = this.#standing();
    const { digits } = this.#options;
    if (!call) return skipped('no call stands');
    if (digits === '') return skipped('no digits were asked for');
    if (call.remote!.digits === undefined) {
      return warning('the far end takes no RFC 4733 digits', {
        todo: ['Ask the provider for telephone-event: menus and conferences need digits.'],
      });
    }
    await this.#while(call.dialDigits(digits) + 700);
    const heard = call.listener!.digits?.heard ?? '';
    const sent = [`${digits}, as RFC 4733 events (payload type ${call.remote!.digits})`];
    return heard === ''
      ? passed(`${digits} sent; none came back, as few far ends send them back`, { sent, came: ['none'] })
      : passed(`${digits} sent, ${heard} came back`, { sent, came: [heard] });
  }

  /** Hold, and back. */
  async hold(): Promise<StepOutcome> {
    const call = this.#standing();
    if (!call) return skipped('no call stands');
    const sent = ['re-INVITE with a=inactive', 're-INVITE with a=sendrecv'];
    const came: string[] = [];
    const heard = () => call.listener!.reception.packets;
    const before = heard();
    const held = await this.#offered(call, 'inactive');
    came.push(`hold: ${held.text}`);
    const troubles: string[] = held.ok ? [] : [`hold ${held.text}`];
    if (held.ok) {
      const began = heard();
      await this.#while(holdTime);
      const during = heard() - began;
      came.push(`${during} packets while on hold`);
      if (during > underWay && before > 0) troubles.push('media kept coming while on hold');
    }
    const atResume = heard();
    const resumed = await this.#offered(call, 'sendrecv');
    came.push(`resume: ${resumed.text}`);
    if (!resumed.ok) troubles.push(`resume ${resumed.text}`);
    await this.#while(holdTime);
    const after = heard() - atResume;
    came.push(`${after} packets after it`);
    if (call.ended)
      return failed('the call ended by it', {
        sent,
        came,
        todo: ['Ask the provider about re-INVITE with a=inactive.'],
      });
    if (resumed.ok && before > 0 && after === 0) troubles.push('nothing was heard after it');
    if (troubles.length === 0) return passed('held and resumed', { sent, came });
    const todo = ['Calls that are put on hold suffer: ask the provider how it wants them held.'];
    return warning(troubles.join('; '), { sent, came, todo });
  }

  async bye(): Promise<StepOutcome> {
    const call = this.#call;
    if (!call?.answered) return skipped('no call stands');
    if (call.ended) {
      const { status, reason, cause } = call.ended;
      const came = [`${reason}${status === 0 ? '' : ` (${status})`}${cause === undefined ? '' : `, Reason: ${cause}`}`];
      return warning('the far end hung up first', {
        came,
        todo: ['Give --seconds fewer, or call a number that stays longer.'],
      });
    }
    call.hangUp();
    const since = performance.now();
    while (!call.ended && performance.now() - since < offerPatience) await call.next(offerPatience);
    const sent = ['BYE'];
    const { ended } = call as { ended: TestCall['ended'] };
    if (!ended || ended.status === 0)
      return failed('the BYE was not answered', { sent, came: [ended?.reason ?? 'no answer'] });
    return passed(`${ended.status} in ${Math.round(performance.now() - since)} ms`, {
      sent,
      came: [`${ended.status}`],
    });
  }

  /** What the program wrote down of it. */
  async record(): Promise<StepOutcome> {
    const callId = this.#call?.callId;
    if (callId === undefined) return skipped('no call was made');
    const path = resolve(this.#test.place.configuration.records.path);
    const until = performance.now() + recordPatience;
    let record: CallRecord | undefined;
    while (!record && performance.now() < until) {
      record = findRecord(path, this.#began, callId);
      if (!record) await pause(200);
    }
    if (!record) return warning('no record of it was found', { todo: [`Look for it: tandem cdr list --data ${path}`] });
    const came = [
      `call ${record.call}, from trunk ${record.leg.trunk}: ${describeEnd(record.end)}`,
      ...record.decisions.map(({ rule, outcome }) => `decision: ${rule}: ${outcome}`),
      ...record.attempts.map(
        ({ leg, end }) => `attempt: ${leg.trunk} at ${leg.remote}, Call-ID ${leg.callId}: ${describeEnd(end)}`,
      ),
    ];
    let worst = 0;
    for (const { stream, media, b } of record.media ?? []) {
      const expected = b.packets + Math.max(0, b.lost);
      if (expected > 0) worst = Math.max(worst, b.lost / expected);
      const jitter = b.jitterMs === undefined ? '' : `, jitter ${b.jitterMs.toFixed(1)} ms`;
      came.push(`from the far end (${media} ${stream}): ${b.packets} packets, ${lossPercent(b)} lost${jitter}`);
    }
    const todo = [`All of it: tandem cdr show ${record.call} --data ${path}`];
    if (worst > mostLoss) {
      return warning(`${(100 * worst).toFixed(1)} % of the far end's packets were lost`, {
        came,
        todo: ['Look at the way to the peer: bandwidth, queues, DSCP marks.', ...todo],
      });
    }
    return passed(`call ${record.call}`, { came, todo });
  }

  /** Ends what stands. */
  async close(): Promise<void> {
    const call = this.#call;
    this.#call = undefined;
    if (!call) return;
    if (!call.ended) {
      call.hangUp();
      await pause(farewell);
    }
    call.close();
  }

  #standing(): TestCall | undefined {
    return this.#call?.talking ? this.#call : undefined;
  }

  /** Lets time go by, while the call stands. */
  async #while(time: number): Promise<void> {
    const call = this.#call!;
    const until = performance.now() + time;
    while (!call.ended && performance.now() < until) await call.next(until - performance.now());
  }

  async #offered(call: TestCall, direction: 'inactive' | 'sendrecv'): Promise<{ ok: boolean; text: string }> {
    const since = performance.now();
    call.offer(direction);
    while (!call.ended && performance.now() - since < offerPatience) {
      const event = await call.next(offerPatience);
      if (event?.kind === 'offer-answered') {
        call.agree(event.answer);
        return { ok: true, text: `200 in ${Math.round(performance.now() - since)} ms` };
      }
      if (event?.kind === 'offer-refused') return { ok: false, text: `refused with ${event.status}` };
    }
    return { ok: false, text: call.ended ? 'ended the call' : 'was not answered' };
  }

  #outside(): string {
    const { trunk, place, targets } = this.#test;
    const { transport, remote } = targets[0] ?? { transport: trunk.transport, remote: { host: '0.0.0.0', port: 0 } };
    return (
      localAddress(listenerFor(place.configuration.listeners, trunk.side, transport, remote.host)) ?? near('0.0.0.0')
    );
  }
}

/** The listener that a test call comes by: of the inside, where there is one. */
function entrance(listeners: readonly Listener[]): Listener | undefined {
  const udp = listeners.filter(({ transport }) => transport === 'udp');
  return udp.find(({ side }) => side !== 'external') ?? udp[0];
}

/** Where a socket of this machine reaches what is bound there. */
function near(host: string): string {
  return isUnspecified(host) ? (host === '::' ? '::1' : '127.0.0.1') : host;
}

function findRecord(path: string, since: number, callId: string): CallRecord | undefined {
  try {
    const reader = RecordReader.open(path);
    try {
      // The clocks are one, and the record's is read a little later.
      return reader.list({ since: since - 1_000 }, 200).find(({ leg }) => leg.callId === callId);
    } finally {
      reader.close();
    }
  } catch {
    return undefined;
  }
}
