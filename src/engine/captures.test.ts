import { describe, expect, test } from 'vitest';
import type { CaptureNotice, MediaRequest, SessionPlan } from '#codec/media-control';
import type { ArmedCapture } from '#policy/captures';
import { configuration, Desk, requests, type Sent, trunk, udp } from './desk.testing.ts';

const sdp = (host: string) =>
  `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n`;

/** An answered call whose media passes us. */
class Anchored extends Desk {
  call = '';
  #answered: Sent | undefined;
  #said: ReturnType<Desk['request']>;
  #tag = '';

  constructor(armed: readonly Partial<ArmedCapture>[] = [], media: object = {}) {
    const base = configuration([trunk('acme', '203.0.113.1')]);
    const tracing = {
      keep: [],
      lifetime: 1,
      size: 1,
      media: { longest: 60_000, size: 1e6, lifetime: 1, ...media },
    };
    super({ ...base, media: { ...base.media, mode: 'anchor' }, tracing });
    const { wall } = this.now;
    const order = { id: 'x', by: 'ann', reason: 'echo', ms: 1e5, octets: 1e7, since: wall, until: wall + 60_000 };
    this.handle({ kind: 'arm', armed: armed.map((one) => ({ ...order, ...one })) });
    this.handle({ kind: 'media', message: { kind: 'hello', version: 1, instance: 'a' } });
    this.media('list', () => ({ kind: 'list', sessions: [] }));
    this.#said = this.request(udp('lan', '10.0.0.2'), 'INVITE', {
      uri: 'sip:+49301@10.0.0.1',
      headers: ['Content-Type: application/sdp'],
      body: sdp('10.0.0.2'),
    });
    this.applied();
    [this.#answered] = requests(this.take(), 'INVITE');
    this.call = (this.engine.standing.traces('')[0] as { call: string }).call;
  }

  pickUp(): void {
    const { flow, message } = this.#answered!;
    const body = sdp('203.0.113.1');
    const octets = [
      'SIP/2.0 200 OK',
      ...message.all('via').map((via) => `Via: ${via}`),
      `From: ${message.get('from')}`,
      `To: ${message.get('to')}${message.to.tag === undefined ? ';tag=b' : ''}`,
      `Call-ID: ${message.get('call-id')}`,
      `CSeq: ${message.get('cseq')}`,
      'Contact: <sip:203.0.113.1>',
      'Content-Type: application/sdp',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
    this.handle({ kind: 'received', flow, octets });
    this.applied();
    this.#tag = this.take().findLast(({ message }) => message.kind === 'response')?.message.to.tag ?? '';
  }

  /** Somebody else at the same exchange takes the caller's place: another call, with who was called. Its id. */
  moves(): string {
    const { callId, from } = this.#said;
    this.request(udp('lan', '10.0.0.2'), 'INVITE', {
      headers: [
        `Replaces: ${callId};to-tag=${this.#tag};from-tag=${from.split('tag=')[1]}`,
        'Content-Type: application/sdp',
      ],
      body: sdp('10.0.0.3'),
    });
    this.applied();
    [this.#answered] = requests(this.take(), 'INVITE');
    this.pickUp();
    const ids = this.engine.standing.traces('').map((one) => (one as { call: string }).call);
    return ids.find((id) => id !== this.call)!;
  }

  readonly plans: SessionPlan[] = [];

  /** The first plan of another call of the same kind. */
  another(): SessionPlan {
    this.request(udp('lan', '10.0.0.2'), 'INVITE', {
      uri: 'sip:+49301@10.0.0.1',
      headers: ['Content-Type: application/sdp'],
      body: sdp('10.0.0.2'),
    });
    return this.plan();
  }

  /** What the media process was asked, and not answered yet. */
  asked(): readonly MediaRequest[] {
    return this.of('media').map(({ request }) => request);
  }

  media(kind: MediaRequest['kind'], answer: (request: MediaRequest) => object): void {
    for (const request of this.asked().filter((one) => one.kind === kind)) {
      this.effects = this.effects.filter((effect) => effect.kind !== 'media' || effect.request !== request);
      this.handle({ kind: 'media', message: { id: request.id, ...answer(request) } as never });
    }
  }

  applied(): void {
    this.media('apply', (request) => {
      const { plan } = request as { plan: SessionPlan };
      this.plans.push(plan);
      const side = (port: number) => ({ host: '192.0.2.1', port, rtcpPort: port + 1 });
      const streams = plan.streams.map(({ stream }) => ({ stream, a: side(20_000), b: side(20_002) }));
      return { kind: 'applied', session: plan.session, streams };
    });
  }

  capture(more: object = {}): void {
    this.effects = [];
    const order = { call: this.call, by: 'ann', reason: 'echo', ms: 60_000, octets: 1_000_000 };
    this.handle({ kind: 'capture', ...order, ...more });
  }

  plan(): SessionPlan {
    const last = this.asked().findLast(({ kind }) => kind === 'apply');
    return (last as { plan: SessionPlan }).plan;
  }

  told(more: Partial<CaptureNotice> = {}): void {
    const name = `${this.call}-1`;
    const counted = { packets: 40, dropped: 1, octets: 9_000 };
    this.handle({
      kind: 'media',
      message: { kind: 'captured', session: this.call, name, why: 'time', ...counted, ...more },
    });
  }

  captures(): unknown {
    return this.engine.standing.call(this.call)?.captures;
  }
}

const begun = { by: 'ann', reason: 'echo', most: { ms: 60_000, octets: 1_000_000 } };

describe('a call whose media is copied', () => {
  test('says so to the media process, with its types of keys, and to everybody who looks', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    expect(desk.plan().capture).toEqual({ name: `${desk.call}-1`, ms: 60_000, octets: 1_000_000 });
    expect(desk.plan().streams[0]).toMatchObject({ a: { events: [101] }, b: { events: [101] } });
    expect(desk.captures()).toEqual([{ name: `${desk.call}-1`, ...begun, startedAt: desk.now.wall }]);
    expect(JSON.stringify(desk.engine.standing.traces(desk.call))).toContain('media is copied for ann: echo');
  });

  test('with keys, where it was asked so', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture({ keys: true });
    expect(desk.plan().capture).toMatchObject({ keys: true });
    expect(desk.captures()).toMatchObject([{ keys: true }]);
  });

  test('not by two, nor when it is copied already or is not there', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    desk.capture({ by: 'bob' });
    expect([desk.asked(), desk.captures()]).toEqual([[], [expect.objectContaining(begun)]]);
    desk.capture({ call: 'another' });
    expect(desk.effects).toEqual([]);
  });

  test('until somebody ends it: another may begin then, under another name', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    desk.effects = [];
    desk.handle({ kind: 'end-capture', call: desk.call, by: 'bob' });
    expect(desk.plan().capture).toBeUndefined();
    expect(desk.plan().streams[0]!.a).not.toHaveProperty('events');
    desk.told({ why: 'stopped' });
    expect(desk.captures()).toMatchObject([{ why: 'stopped', packets: 40, dropped: 1, octets: 9_000 }]);
    desk.capture();
    expect(desk.plan().capture?.name).toBe(`${desk.call}-2`);
  });

  test('and its record tells, also when the limit was reached before, and the last plan asks for none', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    desk.applied();
    desk.told();
    desk.told({ packets: 99 });
    desk.handle({ kind: 'end', call: desk.call, by: 'bob' });
    desk.media('close', (request) => ({
      kind: 'closed',
      session: (request as { session: string }).session,
      counters: [],
    }));
    expect(desk.of('record')[0]!.record.captures).toMatchObject([{ ...begun, why: 'time', packets: 40 }]);
  });

  test('until its end, which is told before its counters', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    desk.handle({ kind: 'end', call: desk.call, by: 'bob' });
    desk.told({ why: 'closed' });
    desk.media('close', () => ({ kind: 'closed', session: desk.call, counters: [] }));
    expect(desk.of('record')[0]!.record.captures).toMatchObject([{ why: 'closed', packets: 40 }]);
  });

  test('while it is set up, from its first plan on', () => {
    const desk = new Anchored();
    desk.capture();
    expect(desk.plan().capture).toBeDefined();
    desk.pickUp();
    expect(desk.captures()).toMatchObject([begun]);
  });

  test('is known to be so by the process after this one, and to be over when the media process was lost', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    desk.applied();
    desk.restart();
    expect(desk.captures()).toMatchObject([begun]);
    desk.told({ why: 'stopped' });
    expect(desk.captures()).toMatchObject([{ why: 'stopped' }]);
    const other = new Anchored();
    other.pickUp();
    other.capture();
    other.applied();
    other.effects = [];
    other.handle({ kind: 'media', message: { kind: 'hello', version: 1, instance: 'b' } });
    other.media('list', () => ({ kind: 'list', sessions: [] }));
    other.pass(100);
    const [{ record } = { record: undefined }] = other.of('record');
    expect(record?.captures).toMatchObject([{ ...begun, why: 'lost', endedAt: expect.any(Number) }]);
  });
});

describe('a copy outlives', () => {
  test('the signalling process: the next one has it go on, and can stop it', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture();
    const { capture } = desk.plan();
    desk.applied();
    desk.restart();
    desk.effects = [];
    desk.handle({ kind: 'media', message: { kind: 'hello', version: 1, instance: 'a' } });
    desk.media('list', () => ({ kind: 'list', sessions: [desk.call] }));
    expect(desk.plan().capture).toEqual(capture);
    desk.handle({ kind: 'end-capture', call: desk.call, by: 'bob' });
    desk.restart();
    desk.effects = [];
    desk.handle({ kind: 'media', message: { kind: 'hello', version: 1, instance: 'a' } });
    desk.media('list', () => ({ kind: 'list', sessions: [desk.call] }));
    expect(desk.plan()).not.toHaveProperty('capture');
    desk.told({ why: 'stopped' });
    expect(desk.captures()).toEqual([expect.not.objectContaining({ ending: true })]);
  });

  test('a transfer: it goes on in the call that comes of it, for what is left of its time, and both say so', () => {
    const desk = new Anchored();
    desk.pickUp();
    desk.capture({ keys: true });
    desk.applied();
    desk.pass(20_000);
    const heir = desk.moves();
    expect(desk.engine.standing.call(heir)?.captures).toEqual([
      {
        name: `${heir}-1`,
        by: 'ann',
        reason: 'echo',
        keys: true,
        most: { ms: 40_000, octets: 1_000_000 },
        continues: `${desk.call}-1`,
        startedAt: desk.now.wall,
      },
    ]);
    const plans = desk.of('media').flatMap(({ request }) => (request.kind === 'apply' ? [request.plan] : []));
    expect(plans.every(({ session, capture }) => session !== heir || capture?.ms === 40_000)).toBe(true);
    expect(JSON.stringify(desk.engine.standing.traces(desk.call))).toContain(`goes on in call ${heir} as ${heir}-1`);
  });

  test('no transfer to where none may be made', () => {
    const desk = new Anchored([], { by: ['bob'] });
    desk.pickUp();
    desk.capture();
    desk.applied();
    const heir = desk.moves();
    expect(desk.engine.standing.call(heir)?.captures).toBeUndefined();
    expect(JSON.stringify(desk.engine.standing.traces(desk.call))).toContain('ann may not have media copied any more');
  });
});

describe('a call that somebody waits for', () => {
  const first = (desk: Anchored) => desk.captures();

  test.each<[string, Partial<ArmedCapture>]>([
    ['the caller’s number', { number: '+4930' }],
    ['the beginning of the one that is called', { number: '+493*' }],
    ['the trunk that it comes by', { trunk: 'pbx' }],
    ['the one that it goes to', { trunk: 'acme' }],
  ])('by %s is copied with its first packet: its first plan says so', (_name, what) => {
    const desk = new Anchored([what]);
    const plan = desk.plans[0];
    // At most what is allowed now.
    expect(plan?.capture).toEqual({ name: `${desk.call}-1`, ms: 60_000, octets: 1_000_000 });
    expect(first(desk)).toMatchObject([{ by: 'ann', reason: 'echo', armed: 'x' }]);
  });

  test('is one, even when who waits is told again', () => {
    const desk = new Anchored([{ trunk: 'pbx' }]);
    const { wall } = desk.now;
    const again = {
      id: 'x',
      by: 'ann',
      reason: 'echo',
      ms: 1,
      octets: 1,
      since: wall - 1,
      until: wall + 1e6,
      trunk: 'pbx',
    };
    desk.handle({ kind: 'arm', armed: [again] });
    expect(desk.another().capture).toBeUndefined();
  });

  test.each<[string, Partial<ArmedCapture>, object]>([
    ['another number', { number: '+4931*' }, {}],
    ['another trunk', { trunk: 'itsp' }, {}],
    ['one that began before', { trunk: 'pbx', since: Number.MAX_SAFE_INTEGER }, {}],
    ['one that came too late', { trunk: 'pbx', until: 0 }, {}],
    ['one that may not be copied', { trunk: 'pbx' }, { trunks: ['itsp'] }],
    ['who may not have it copied any more', { trunk: 'pbx' }, { by: ['bob'] }],
    ['calls of another site', { trunk: 'pbx', sites: ['berlin'] }, {}],
  ])('is not %s', (_name, what, media) => {
    const desk = new Anchored([what], media);
    desk.pickUp();
    expect([desk.plans.map(({ capture }) => capture), desk.captures()]).toEqual([
      desk.plans.map(() => undefined),
      undefined,
    ]);
  });

  test('has its keys in it only while they may be shown', () => {
    const desk = new Anchored([{ trunk: 'pbx', keys: true }]);
    expect(desk.plans[0]?.capture).not.toHaveProperty('keys');
  });
});

test('who is being called is known by the Call-ID of the try', () => {
  const desk = new Anchored();
  expect(desk.engine.standing.traces(desk.call)).toMatchObject([
    { underWay: [{ trunk: 'acme', remote: 'udp 203.0.113.1:5060', callId: expect.stringMatching(/./) }] },
  ]);
  desk.pickUp();
  expect(desk.engine.standing.traces(desk.call)[0]).not.toHaveProperty('underWay');
});
