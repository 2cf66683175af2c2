/** Both peers do whatever they may before the answer, in any order and in several early dialogs: all is right, and all agree in the end. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionPlan } from '#codec/media-control';
import type { Direction } from '#codec/sdp';
import { agreed, mirrored } from '../../src/sim/peer/sdp.ts';
import { configurationOf } from './configurations.ts';
import { EarlyCallee, EarlyCaller } from './early.ts';
import { type Half, halfOf, type Session } from './in-call.ts';
import { JudgedWorld } from './judged-world.ts';
import { unrest } from './rest.ts';

const who = fc.constantFrom<'pbx' | 'itsp'>('pbx', 'itsp');
const which = fc.nat(2);
const half: fc.Arbitrary<Half> = fc.record({
  port: fc.integer({ min: 2000, max: 2010 }).map((n) => 2 * n),
  direction: fc.constantFrom('sendrecv', 'sendrecv', 'sendonly', 'recvonly', 'inactive'),
  formats: fc.constantFrom('8', '8 0', '0'),
});
const is = <T extends string>(what: T) => fc.constant(what);
const act = fc.oneof(
  { weight: 9, arbitrary: fc.record({ what: is('read'), who, half }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: is('progress'),
      which,
      status: fc.constantFrom(180, 181, 183),
      reliable: fc.boolean(),
      sdp: fc.boolean(),
      half,
    }),
  },
  { weight: 4, arbitrary: fc.record({ what: is('prack'), which, offers: fc.boolean(), half }) },
  { weight: 4, arbitrary: fc.record({ what: is('update'), who, which, half }) },
  { weight: 4, arbitrary: fc.record({ what: is('answer'), who, which, accepts: fc.boolean(), half }) },
  { weight: 1, arbitrary: fc.record({ what: is('accept'), which, half }) },
  { weight: 2, arbitrary: fc.record({ what: is('re-invite'), who, half }) },
  { weight: 1, arbitrary: fc.record({ what: is('cancel') }) },
  { weight: 1, arbitrary: fc.record({ what: is('refuse'), status: fc.constantFrom(486, 503) }) },
  { weight: 2, arbitrary: fc.record({ what: is('wait'), ms: fc.constantFrom(1, 50, 600, 2_500) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const usual: Half = { port: 4000, direction: 'sendrecv', formats: '8 0' };

class Table {
  readonly world: JudgedWorld;
  readonly pbx: EarlyCaller;
  readonly itsp: EarlyCallee;
  /** Ms with messages unread: who is deaf for 32 s has left the call. */
  #deaf = 0;

  constructor(mode: string, offers: boolean, callerIs: number, calleeIs: number) {
    this.world = new JudgedWorld(configurationOf(`one-itsp${mode}`));
    const skills = (n: number) => ({ reliable: (n & 1) === 1, updates: (n & 2) === 2 });
    const peer = (host: string) => ({ host, port: 5060 });
    const { world } = this;
    this.pbx = new EarlyCaller('pbx', world, peer('10.0.0.2'), 'internal', skills(callerIs));
    this.itsp = new EarlyCallee('itsp', world, peer('203.0.113.10'), 'external', skills(calleeIs));
    this.pbx.call({ host: '10.0.0.1', port: 5060 }, offers ? usual : undefined);
    this.collect();
    while (this.itsp.read(usual)) this.collect();
  }

  /** What has left is on its way to who it is for. */
  collect(): void {
    this.world.judge();
    for (const seen of this.world.seen.splice(0)) {
      if (seen.kind !== 'send') continue;
      (seen.flow.remote.host === '10.0.0.2' ? this.pbx : this.itsp).inbox.push(seen.octets);
    }
  }

  play(act: Act): void {
    const { pbx, itsp } = this;
    switch (act.what) {
      case 'read':
        this[act.who].read(act.half);
        break;
      case 'progress':
        itsp.progress(act.which, act.status, act.reliable, act.sdp, act.half);
        break;
      case 'prack':
        pbx.prack(act.which, act.offers, act.half);
        break;
      case 'update':
        this[act.who].update(act.which, act.half);
        break;
      case 'answer':
        this[act.who].answer(act.which, act.accepts, act.half);
        break;
      case 'accept':
        itsp.accept(act.which, act.half);
        break;
      case 're-invite':
        this[act.who].reInvite(act.half);
        break;
      case 'cancel':
        pbx.cancel();
        break;
      case 'refuse':
        itsp.refuse(act.status);
        break;
      case 'wait':
        if (this.#deaf + act.ms > 20_000) return;
        this.#deaf += act.ms;
        this.world.pass(act.ms);
    }
    this.collect();
  }

  /** Everybody reads, acknowledges and answers until nothing happens any more; who rings answers. */
  settle(): void {
    const { pbx, itsp, world } = this;
    for (let i = 0; i < 600; i++) {
      let moved = false;
      const did = (one: boolean) => {
        moved ||= one;
        this.collect();
        return one;
      };
      while (did(pbx.read(usual)) || did(itsp.read(usual)));
      while (did(pbx.prack(0, false, usual)));
      while (did(pbx.answer(0, true, usual)) || did(itsp.answer(0, true, usual)));
      if (moved) continue;
      if (itsp.isRinging) itsp.accept(0, usual);
      // RFC 3262 3: nobody could acknowledge what one of its forks has offered.
      if (i > 400) itsp.refuse(504);
      this.collect();
      if (pbx.inbox.length > 0 || itsp.inbox.length > 0) continue;
      if (world.deadlines.every((name) => name.startsWith('Timer ')) && pbx.final !== undefined) return;
      world.pass(100);
      this.collect();
    }
  }
}

const said = (sdp: string) => halfOf(sdp).direction as Direction;

function run(mode: string, offers: boolean, callerIs: number, calleeIs: number, acts: readonly Act[]): void {
  const table = new Table(mode, offers, callerIs, calleeIs);
  const { world, pbx, itsp } = table;
  for (const act of acts) table.play(act);
  table.settle();
  expect(pbx.final).toBeDefined();
  for (const peer of [pbx, itsp])
    for (const { method, cseq, dialog, final } of peer.asked)
      if (dialog) expect(final, `${peer.name} ${method} ${cseq}`).toBeGreaterThan(0);
  const [one, other] = [pbx.talking, itsp.talking];
  if (one && other) {
    // Who is told by us what holds may refuse that: then each has its own.
    const isTold = mode.includes('early') || mode.includes('forks');
    if (isTold && (pbx.refused || itsp.refused)) return hangUp(table);
    // What is left of both sides' words: each offer may have been answered for somebody else's.
    const holds = ({ local, remote }: Session) => agreed(said(local), said(remote));
    expect(holds(one.session), JSON.stringify([one.session, other.session], null, 1)).toBe(
      mirrored(holds(other.session)),
    );
    const [stream] = (world.lastPlan as SessionPlan).streams;
    expect(stream!.a.remote?.rtp.port).toBe(halfOf(one.session.local).port);
    expect(stream!.b.remote?.rtp.port).toBe(halfOf(other.session.local).port);
    expect([...world.records.values()]).toEqual([]);
  }
  hangUp(table);
}

function hangUp(table: Table): void {
  const { world, pbx } = table;
  pbx.bye();
  table.settle();
  world.comeToRest();
  table.collect();
  expect(world.records.size).toBe(1);
  expect(unrest(world)).toBeUndefined();
}

/** The callee has answered an offer of ours; what the caller says to that is less, and comes by its PRACK just before the 200. */
const holdsInPrack: [boolean, number, number, Act[]] = [
  ...([false, 3, 3] as const),
  [
    { what: 'progress', which: 0, status: 180, reliable: true, sdp: true, half: { ...usual, formats: '8' } },
    { what: 'read', who: 'pbx', half: usual },
    { what: 'read', who: 'pbx', half: usual },
    { what: 'prack', which: 0, offers: false, half: { port: 4000, direction: 'inactive', formats: '8' } },
  ],
];

describe('whatever both peers do before the answer, at once and in any order', () => {
  const skills = fc.constantFrom(0, 1, 2, 3, 3, 3);
  for (const mode of ['', ', itsp offer=early', ', itsp offer=delayed', ', pbx forks=1'])
    test(`what we send is due in its dialog, and in the end all agree${mode}`, () => {
      fc.assert(
        fc.property(fc.boolean(), skills, skills, fc.array(act, { maxLength: 70 }), (offers, caller, callee, acts) =>
          run(mode, offers, caller, callee, acts),
        ),
        { numRuns: 300, examples: [holdsInPrack] },
      );
    });
});
