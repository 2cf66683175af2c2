/** Whoever transfers, hangs up, holds, refuses, or takes a call over, at whatever moment: all ends, and who talks is told of media that is there. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMessage, SipRequest, type SipResponse } from '#codec/sip-message';
import { configurationOf } from './configurations.ts';
import { Digests } from './digest.ts';
import { JudgedWorld } from './judged-world.ts';
import { parseMessageText } from './message.ts';
import { Phone } from './phone.ts';
import { placesOf } from './places.ts';
import { unrest } from './rest.ts';
import { Zone } from './zone.ts';

type Act =
  | { readonly what: 'answer'; readonly n: number; readonly how: '100' | '180' | '200' | '486' | '488' | 'hold' }
  | { readonly what: 'bye' | 'hold' | 'refer' | 'take' | 'call'; readonly n: number }
  | { readonly what: 'attend'; readonly n: number; readonly m: number }
  | { readonly what: 'wait'; readonly ms: number };

const n = fc.nat(7);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('answer' as const),
      n,
      how: fc.constantFrom('100', '180', '200', '200', '200', '486', '488', 'hold'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constantFrom('bye', 'hold', 'refer', 'refer', 'take', 'call'), n }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('attend' as const), n, m: n }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.constantFrom(10, 700, 4_500) }) },
);

/** One dialog of a peer, which does what RFC 3261 asks of it. */
class Seat {
  readonly phone: Phone;
  readonly sdp: string;
  /** Our INVITE waits for its answer; one of its own for ours. */
  invited = false;
  asking = false;
  talks = false;
  over = false;
  /** It did not take what it was offered: perhaps what it was to have again. */
  refused = false;
  /** The last session description of ours, and the one that holds. */
  offered = '';
  told = '';

  constructor(phone: Phone, port: number) {
    this.phone = phone;
    this.sdp = `${phone.place.address.host}:${port} PCMA`;
  }

  get isFree(): boolean {
    return this.talks && !this.over && !this.asking && !this.invited;
  }
}

class Table {
  readonly #configuration = configurationOf('one-itsp');
  readonly world = new JudgedWorld(this.#configuration);
  readonly #places = placesOf(this.#configuration, new Zone());
  readonly #digests = new Digests(this.#configuration.trunks);
  readonly seats: Seat[] = [];

  play(act: Act): void {
    if (act.what === 'wait') this.world.pass(act.ms);
    else if (act.what === 'answer')
      this.#answer(
        pick(this.seats, act.n, ({ invited, over }) => invited && !over),
        act.how,
      );
    else if (act.what === 'call') this.#call('+4930123', '');
    else
      this.#do(
        pick(this.seats, act.n, ({ isFree }) => isFree),
        act,
      );
    this.collect();
  }

  #call(user: string, more: string): void {
    const seat = this.#seat(Phone.caller(`pbx#${this.seats.length}`, this.#place('pbx'), this.#digests, 0, user));
    this.#say(seat, `INVITE ${user} sdp(${seat.sdp})${more}`);
    seat.asking = true;
  }

  #do(seat: Seat | undefined, act: Exclude<Act, { what: 'wait' | 'answer' }>): void {
    if (!seat) return;
    const { host } = seat.phone.place.ours;
    switch (act.what) {
      case 'bye':
        this.#say(seat, 'BYE');
        seat.over = true;
        return;
      case 'hold':
        this.#say(seat, `INVITE sdp(${seat.sdp} sendonly)`);
        seat.asking = true;
        return;
      case 'refer':
        this.#say(seat, `REFER with Refer-To: <sip:+4930999@${host}>`);
        return;
      case 'take':
        if (seat.phone.label.startsWith('pbx')) this.#call('+4930123', ` with Replaces: ${seat.phone.dialog}`);
        return;
      case 'attend': {
        const other = pick(this.seats, act.m, (one) => one.talks && one !== seat);
        const replaces = other && encodeURIComponent(other.phone.dialog);
        if (replaces) this.#say(seat, `REFER with Refer-To: <sip:+4930999@${host}?Replaces=${replaces}>`);
      }
    }
  }

  #answer(seat: Seat | undefined, how: string): void {
    if (!seat) return;
    if (how === '200' || how === 'hold') {
      const offered = /a=(sendonly|recvonly|inactive)/.exec(seat.offered)?.[1];
      const direction = offered === 'sendonly' ? ' recvonly' : offered === 'inactive' ? ' inactive' : '';
      const wanted = how === 'hold' && direction === '' ? ' sendonly' : direction;
      seat.told = seat.offered;
      seat.talks = true;
      seat.invited = false;
      this.#say(seat, `200 sdp(${seat.sdp}${wanted})`);
    } else {
      seat.invited = how < '200';
      if (how >= '200' && !seat.talks) seat.over = true;
      seat.refused ||= how >= '200';
      this.#say(seat, how);
    }
  }

  /** What has left reaches who it is for. */
  collect(): void {
    for (let seen = this.world.seen.shift(); seen; seen = this.world.seen.shift()) {
      if (seen.kind !== 'send') continue;
      const message = parseMessage(seen.octets);
      if (message.kind === 'fault') throw new Error('what we sent can not be read');
      const { host } = seen.flow.remote;
      const peer = host === '10.0.0.2' ? 'pbx' : 'itsp';
      let seat = this.seats.find(({ phone }) => phone.callId === message.callId);
      if (!seat) {
        if (!(message instanceof SipRequest)) throw new Error(`an answer to nobody: ${seen.octets}`);
        const label = `${peer}#${this.seats.length}`;
        seat = this.#seat(Phone.callee(label, this.#place(peer), this.#digests, 0, message));
      }
      const isAgain = seat.phone.knows(message);
      seat.phone.take(message);
      if (!isAgain) this.#heard(seat, message);
    }
  }

  #heard(seat: Seat, message: SipRequest | SipResponse): void {
    if (message instanceof SipRequest) return this.#requested(seat, message);
    if (message.cseq.method !== 'INVITE' || message.status < 200) return;
    seat.asking = false;
    if (message.status < 300) {
      seat.told = message.body;
      seat.talks = true;
    } else if (!seat.talks) {
      seat.over = true;
    }
    this.#say(seat, 'ACK');
  }

  #requested(seat: Seat, { method, body }: SipRequest): void {
    switch (method) {
      case 'ACK':
        return;
      case 'INVITE':
        // RFC 3261 14.2: the two have crossed; or it has said that it is over.
        if (seat.over) return this.#say(seat, '481');
        if (seat.asking) return this.#say(seat, '491');
        seat.invited = true;
        seat.offered = body;
        return;
      case 'CANCEL':
        this.#say(seat, '200 CANCEL');
        if (seat.invited) this.#say(seat, '487');
        seat.invited = false;
        seat.over ||= !seat.talks;
        return;
      case 'BYE':
        seat.over = true;
        this.#say(seat, '200 BYE');
        if (seat.invited) this.#say(seat, '487');
        seat.invited = false;
        return;
      default:
        this.#say(seat, `${seat.over ? 481 : 200} ${method}`);
    }
  }

  /** Everybody says yes, until nobody asks. */
  settle(): void {
    for (let rounds = 0; rounds < 300; rounds++) {
      this.collect();
      const seat = this.seats.find(({ invited, over }) => invited && !over);
      if (seat) this.#answer(seat, '200');
      else if (this.seats.some(({ asking, over }) => asking && !over) || rounds < 60) this.world.pass(500);
      else return;
    }
    throw new Error('they ask each other for ever');
  }

  /** Ports of ours that who talks was told of, and that are not there. */
  lost(): readonly string[] {
    const there = new Set<number>();
    for (const { streams } of this.world.sessions.values())
      for (const { a, b } of streams) there.add(a.port).add(b.port);
    return this.seats.flatMap(({ talks, over, refused, told, phone }) => {
      const port = Number(/m=audio (\d+)/.exec(told)?.[1] ?? 0);
      return talks && !over && !refused && !there.has(port) ? [`${phone.label}: ${port}`] : [];
    });
  }

  leave(): void {
    for (const seat of this.seats) if (seat.talks && !seat.over) this.#do(seat, { what: 'bye', n: 0 });
    this.collect();
    for (let rounds = 0; rounds < 400 && unrest(this.world) !== undefined; rounds++) {
      this.world.pass(500);
      this.collect();
    }
  }

  #seat(phone: Phone): Seat {
    const seat = new Seat(phone, 4000 + 2 * this.seats.length);
    this.seats.push(seat);
    return seat;
  }

  #place(peer: string) {
    return this.#places.get(peer)!;
  }

  #say({ phone }: Seat, text: string): void {
    const octets = phone.write(parseMessageText(text));
    this.world.give({ kind: 'received', flow: phone.flow(phone.place.listener), octets });
  }
}

function pick<T>(all: readonly T[], at: number, fits: (one: T) => boolean): T | undefined {
  const some = all.filter(fits);
  return some[at % Math.max(1, some.length)];
}

const two: readonly Act[] = [
  { what: 'call', n: 0 },
  { what: 'answer', n: 0, how: '200' },
  { what: 'call', n: 0 },
  { what: 'answer', n: 0, how: '200' },
];

test('transfers of any kind at any moment', () => {
  fc.assert(
    fc.property(fc.array(act, { minLength: 1, maxLength: 25 }), (acts) => {
      const table = new Table();
      for (const each of [...two, ...acts]) table.play(each);
      table.settle();
      expect(table.lost()).toEqual([]);
      table.leave();
      expect(unrest(table.world)).toBeUndefined();
    }),
    { numRuns: 150 },
  );
}, 60_000);
