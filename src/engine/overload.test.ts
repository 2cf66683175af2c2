import { beforeEach, describe, expect, test } from 'vitest';
import { SipRequest } from '#codec/sip-message';
import { configuration, Desk, pbx, requests, type Said, statuses, trunk, udp } from './desk.testing.ts';
import { Overload, overloadLimits } from './overload.ts';
import type { Input } from './ports/index.ts';

const itsp = trunk('itsp', '203.0.113.1');
const caller = udp('lan', pbx.addresses[0]!.host);
const callee = udp('wan', '203.0.113.1');

/** A desk where what comes has waited in the socket. */
class Busy extends Desk {
  waited = 0;

  override handle(input: Input): void {
    super.handle(input.kind === 'received' ? { ...input, arrived: this.mono - this.waited } : input);
  }

  /** An INVITE, and what came of it; what it sent on is not answered. */
  invite(said: Said = {}, from = caller): Required<Said> & { readonly got: readonly number[] } {
    const full = this.request(from, 'INVITE', said);
    return { ...full, got: statuses(this.take()) };
  }

  /** Its listener is late for long enough. */
  overload(waited = 300): void {
    this.waited = waited;
    this.request(caller, 'OPTIONS');
    this.pass(overloadLimits.patience);
    this.take();
  }
}

let desk: Busy;
beforeEach(() => {
  desk = new Busy(configuration([itsp]));
});
const counted = () => desk.engine.inspect().overload;

describe('a call that begins while what is read has waited too long', () => {
  test('gets 503 with Retry-After, leaves nothing behind, and is counted', () => {
    const before = desk.engine.inspect().transactions;
    desk.overload();
    desk.pass(32_000); // the OPTIONS is forgotten
    desk.request(caller, 'INVITE');
    expect(desk.drops()).toEqual(['overload']);
    const [refusal, ...more] = desk.take();
    expect(more).toEqual([]);
    expect([statuses([refusal!]), refusal!.message.get('retry-after')]).toEqual([[503], '1']);
    expect(desk.engine.inspect()).toMatchObject({ calls: [], transactions: before });
    expect(counted()).toEqual({ listeners: [{ listener: 'lan/udp', waitedMs: 300, late: true }], refused: 1 });
  });

  test('is told in the log once a minute', () => {
    desk.overload();
    const told = () => desk.of('log').map(({ level, event }) => `${level} ${event}`);
    for (let i = 0; i < 3; i++) desk.request(caller, 'INVITE');
    expect(told()).toEqual(['warn overload']);
    desk.pass(60_000);
    desk.request(caller, 'INVITE');
    expect(told()).toEqual(['warn overload', 'warn overload']);
  });

  test('its copies get the same answer', () => {
    desk.overload();
    const said = desk.request(caller, 'INVITE');
    desk.request(caller, 'INVITE', said);
    const [first, second] = desk.take();
    expect(second!.octets).toBe(first!.octets);
  });

  test('a copy that was behind it in the queue does not become a call when all is well again', () => {
    desk.overload(600);
    const { got, ...said } = desk.invite();
    expect(got).toEqual([503]);
    desk.waited = 0;
    expect(desk.invite(said).got).toEqual([503]);
    expect(desk.invite({ ...said, branch: 'z9hG4bKother' }).got).toEqual([503]);
    expect(desk.engine.inspect().calls).toEqual([]);
    // Another try of the caller's is another request (RFC 3261 8.1.3.5).
    expect(desk.invite({ ...said, cseq: 2, branch: 'z9hG4bKnext' }).got).toEqual([100]);
    // Nobody sends an INVITE again after Timer B.
    desk.pass(32_000);
    desk.take();
    expect(desk.invite(said).got).toEqual([100]);
  });

  test.each(['sip:112@192.0.2.1', 'sip:911@192.0.2.1'])('an emergency call passes: %s', (uri) => {
    desk.overload();
    expect(desk.invite({ uri }).got).toEqual([100]);
  });

  test('calls by a listener that is not late go on', () => {
    desk.overload();
    desk.waited = 0;
    expect(desk.invite({}, callee).got).toEqual([100]);
    desk.waited = 300;
    expect(desk.invite().got).toEqual([503]);
  });
});

describe('is no overload', () => {
  test('a pause of ours, be it long', () => {
    desk.waited = 2_000;
    for (let ms = 0; ms < overloadLimits.patience; ms += 10) {
      expect(desk.invite().got).toEqual([100]);
      desk.mono += 10;
    }
    expect(desk.invite().got).toEqual([503]);
  });

  test('a wait below two fifths of T1, be it for ever', () => {
    desk.overload(199);
    desk.pass(10_000);
    expect(desk.invite().got).toEqual([100]);
  });

  test('lateness with a break in it', () => {
    desk.overload();
    desk.waited = 199;
    desk.request(caller, 'OPTIONS');
    desk.waited = 300;
    desk.take();
    expect(desk.invite().got).toEqual([100]);
    desk.pass(overloadLimits.patience);
    desk.take();
    expect(desk.invite().got).toEqual([503]);
  });

  test('what nobody says the age of', () => {
    desk.overload();
    const flow = { ...caller, transport: 'tcp', listener: 'lan/tcp', connection: 'in-1' } as const;
    desk.handle = Desk.prototype.handle;
    desk.handle({ kind: 'flow-opened', flow });
    expect(desk.invite({}, flow as never).got).toEqual([100]);
  });
});

describe('what was taken is brought to its end', () => {
  /** A call that rings at the ITSP. */
  function ringing() {
    const said = desk.request(caller, 'INVITE');
    const [invite] = requests(desk.take(), 'INVITE');
    desk.respond(invite!, 180);
    const [response] = desk.take();
    return { said, invite: invite!, to: response!.message.get('to')! };
  }

  test('its INVITE that comes again, its CANCEL and the ACK of its refusal', () => {
    const { said, invite } = ringing();
    desk.overload();
    expect(desk.invite(said).got).toEqual([180]);
    desk.request(caller, 'CANCEL', said);
    const sent = desk.take();
    expect(statuses(sent)).toEqual([200, 487]);
    expect(requests(sent, 'CANCEL')).toHaveLength(1);
    desk.respond(invite, 487);
    desk.request(caller, 'ACK', { ...said, to: sent.at(-1)!.message.get('to') ?? said.to });
    expect(desk.drops()).toEqual([]);
    desk.pass(40_000);
    const [left] = desk.engine.inspect().calls as readonly { readonly call: string }[];
    desk.handle({ kind: 'recorded', calls: [left!.call] });
    expect(desk.engine.inspect()).toMatchObject({ calls: [], transactions: {}, dialogs: 0 });
  });

  test('its answer, ACK, re-INVITE, INFO and BYE, from either side', () => {
    const { said, invite, to } = ringing();
    desk.overload();
    desk.respond(invite, 200, ['Contact: <sip:203.0.113.1:5060>']);
    const answered = desk.take();
    expect(statuses(answered)).toEqual([200]);
    const inside = { ...said, to };
    desk.request(caller, 'ACK', inside);
    desk.request(caller, 'INVITE', { ...inside, cseq: 2, branch: 'z9hG4bKre' });
    const [again] = requests(desk.take(), 'INVITE');
    expect(again?.message).toBeInstanceOf(SipRequest);
    desk.respond(again!, 200);
    expect(statuses(desk.take())).toEqual([200]);
    desk.request(caller, 'ACK', { ...inside, cseq: 2, branch: 'z9hG4bKack2' });
    desk.request(caller, 'INFO', { ...inside, cseq: 3, branch: 'z9hG4bKinfo' });
    expect(requests(desk.take(), 'INFO')).toHaveLength(1);
    desk.request(caller, 'BYE', { ...inside, cseq: 4, branch: 'z9hG4bKbye' });
    expect(requests(desk.take(), 'BYE')).toHaveLength(1);
    expect(desk.drops()).toEqual([]);
  });
});

test('only so many refused INVITEs are remembered: the oldest is forgotten', () => {
  const overload = new Overload({ t1: 500 }, () => false);
  const invite = (callId: string) => ({ callId, from: {}, cseq: { number: 1 }, uri: '' }) as SipRequest;
  const refuses = (callId: string) => overload.refuses(invite(callId), 'lan/udp', desk.now);
  overload.heard('lan/udp', desk.mono - 300, desk.now);
  desk.mono += overloadLimits.patience;
  for (let i = 0; i <= overloadLimits.refused; i++) refuses(`c${i}`);
  overload.heard('lan/udp', desk.mono, desk.now);
  expect([refuses('c0'), refuses('c1'), refuses(`c${overloadLimits.refused}`)]).toEqual([false, true, true]);
});
