import { describe, expect, test } from 'vitest';
import { parseMessage, SipRequest } from '#codec/sip-message';
import { Deadlines, type Instant } from '#kernel';
import type { Flow } from '#sip/flow';
import type { OutgoingResponse, Sleeper } from '#sip/transaction';
import { type Binding, Bindings } from './index.ts';

const ann = { name: 'ann', devices: 3 };
const udp: Flow = { transport: 'udp', listener: 'udp', remote: { host: '192.0.2.9', port: 40_000 } };
const tcp: Flow = { ...udp, transport: 'tcp', listener: 'tcp', connection: 'in-1' };
const instance = '<urn:uuid:00000000-0000-1000-8000-000A95A0E128>';

class Desk {
  readonly deadlines = new Deadlines<Sleeper>();
  readonly kept = new Map<string, readonly Binding[]>();
  now: Instant = { mono: 0, wall: 1_000_000 };
  #cseq = 0;
  #tokens = 0;
  readonly bindings: Bindings;

  constructor(most = 100) {
    this.bindings = new Bindings({
      deadlines: this.deadlines,
      expires: () => ({ min: 60_000, max: 3_600_000 }),
      most,
      token: () => String(++this.#tokens),
      changed: (name, bindings) => {
        if (bindings.length > 0) this.kept.set(name, bindings);
        else this.kept.delete(name);
      },
    });
  }

  register(fields: readonly string[], { flow = udp, callId = 'one', cseq = ++this.#cseq, who = ann, vias = 1 } = {}) {
    const via = (n: number) => `Via: SIP/2.0/UDP 10.0.0.${n}:5060;branch=z9hG4bK${n}`;
    const lines = [
      'REGISTER sip:example.com SIP/2.0',
      ...Array.from({ length: vias }, (_, n) => via(n)),
      'From: <sip:ann@example.com>;tag=a',
      'To: <sip:ann@example.com>',
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      ...fields,
      '',
      '',
    ];
    const request = parseMessage(lines.join('\r\n'));
    if (!(request instanceof SipRequest)) throw new Error('no request');
    return this.bindings.register(who, request, flow, this.now);
  }

  pass(ms: number): void {
    this.now = { mono: this.now.mono + ms, wall: this.now.wall + ms };
    for (let due = this.deadlines.due(this.now.mono); due; due = this.deadlines.due(this.now.mono))
      due.owner.wake(due.name, this.now);
  }

  get uris(): readonly string[] {
    return this.bindings.of('ann', this.now).map(({ uri }) => uri);
  }
}

function fields({ headers = [] }: OutgoingResponse, name: string): readonly string[] {
  return headers.filter(([one]) => one === name).map(([, value]) => value);
}

describe('RFC 3261 10.3', () => {
  test('a contact is bound, told, refreshed and over in its time', () => {
    const desk = new Desk();
    const response = desk.register(['Contact: <sip:ann@10.0.0.1>', 'Expires: 600']);
    expect(response.status).toBe(200);
    expect(fields(response, 'Contact')).toEqual(['<sip:ann@10.0.0.1>;expires=600']);
    desk.pass(500_000);
    expect(fields(desk.register([]), 'Contact')).toEqual(['<sip:ann@10.0.0.1>;expires=100']);
    desk.register(['Contact: <sip:ann@10.0.0.1>;expires=300', 'Expires: 600']);
    desk.pass(299_000);
    expect(desk.uris).toEqual(['sip:ann@10.0.0.1']);
    desk.pass(2_000);
    expect(desk.uris).toEqual([]);
    desk.pass(20_000);
    expect(desk.kept.size).toBe(0);
    expect(desk.deadlines.size).toBe(0);
  });

  test('all that are bound are told; one goes by expires=0, all by *', () => {
    const desk = new Desk();
    desk.register(['Contact: <sip:ann@10.0.0.1>, <sip:ann@10.0.0.2>;q=0.5']);
    expect(fields(desk.register([]), 'Contact')).toEqual([
      '<sip:ann@10.0.0.1>;expires=3600',
      '<sip:ann@10.0.0.2>;q=0.5;expires=3600',
    ]);
    desk.register(['Contact: <sip:ann@10.0.0.1>;expires=0']);
    expect(desk.uris).toEqual(['sip:ann@10.0.0.2']);
    expect(desk.register(['Contact: *', 'Expires: 0']).status).toBe(200);
    expect(desk.uris).toEqual([]);
  });

  test.each([
    [['Contact: *'], 400],
    [['Contact: *', 'Expires: 60'], 400],
    [['Contact: <mailto:ann@example.com>'], 400],
    [['Contact: <sip:ann@10.0.0.1>;expires=59'], 423],
    [['Contact: <sip:ann@10.0.0.1>', 'Expires: 1'], 423],
    [[`Contact: <sip:${'a'.repeat(600)}@10.0.0.1>`], 400],
  ])('%j: %d, and nothing is changed', (lines, status) => {
    const desk = new Desk();
    desk.register(['Contact: <sip:ann@10.0.0.7>']);
    const response = desk.register(lines);
    expect(response.status).toBe(status);
    expect(fields(response, 'Min-Expires')).toEqual(status === 423 ? ['60'] : []);
    expect(desk.uris).toEqual(['sip:ann@10.0.0.7']);
  });

  test('one contact that is too brief undoes the whole request', () => {
    const desk = new Desk();
    expect(desk.register(['Contact: <sip:ann@10.0.0.1>, <sip:ann@10.0.0.2>;expires=5']).status).toBe(423);
    expect(desk.uris).toEqual([]);
  });

  test('what was overtaken changes nothing; another Call-ID is another order', () => {
    const desk = new Desk();
    desk.register(['Contact: <sip:ann@10.0.0.1>'], { cseq: 5 });
    expect(desk.register(['Contact: <sip:ann@10.0.0.1>;expires=0'], { cseq: 4 }).status).toBe(500);
    expect(desk.register(['Contact: *', 'Expires: 0'], { cseq: 5 }).status).toBe(500);
    expect(desk.uris).toHaveLength(1);
    expect(desk.register(['Contact: *', 'Expires: 0'], { cseq: 1, callId: 'two' }).status).toBe(200);
    expect(desk.uris).toEqual([]);
  });

  test('an hour is never too brief; more than may be is cut', () => {
    const desk = new Desk();
    expect(fields(desk.register(['Contact: <sip:ann@h>;expires=9999']), 'Contact')).toEqual([
      '<sip:ann@h>;expires=3600',
    ]);
    expect(fields(desk.register(['Contact: <sip:ann@h>;expires=soon']), 'Contact')).toEqual([
      '<sip:ann@h>;expires=3600',
    ]);
  });

  test('URIs are compared by RFC 3261 19.1.4', () => {
    const desk = new Desk();
    desk.register(['Contact: <sip:ann@h;line=1>']);
    desk.register(['Contact: <sip:%61nn@H;Line=1>']);
    expect(desk.uris).toEqual(['sip:%61nn@H;Line=1']);
    desk.register(['Contact: <sip:ann@h;line=2>']);
    desk.register(['Contact: <sip:ann@h;line=2;transport=tcp>']);
    desk.register(['Contact: <sip:ann@h:5060>']);
    expect(desk.uris).toHaveLength(3);
  });

  test('more devices than may be: the one refreshed longest ago gives way', () => {
    const desk = new Desk();
    for (const n of [1, 2, 3, 1, 4]) desk.register([`Contact: <sip:ann@10.0.0.${n}>`]);
    expect(desk.uris).toEqual(['sip:ann@10.0.0.4', 'sip:ann@10.0.0.1', 'sip:ann@10.0.0.3']);
  });

  test('no room for more than may be of all together', () => {
    const desk = new Desk(1);
    desk.register(['Contact: <sip:ann@10.0.0.1>']);
    expect(desk.register(['Contact: <sip:ann@10.0.0.2>']).status).toBe(503);
    expect(desk.register(['Contact: <sip:ann@10.0.0.1>']).status).toBe(200);
    desk.register(['Contact: <sip:ann@10.0.0.1>;expires=0']);
    expect(desk.register(['Contact: <sip:ann@10.0.0.2>']).status).toBe(200);
  });
});

describe('RFC 3327', () => {
  test('the way is kept and told', () => {
    const desk = new Desk();
    const response = desk.register(['Contact: <sip:ann@h>', 'Path: <sip:p1;lr>, <sip:p2;lr>', 'Supported: path'], {
      vias: 2,
    });
    expect(fields(response, 'Path')).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
    expect(desk.kept.get('ann')![0]!.path).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
  });
});

describe('RFC 5626', () => {
  const contact = (uri: string, reg = 1) => [
    `Contact: <${uri}>;+sip.instance="${instance}";reg-id=${reg}`,
    'Supported: path, outbound',
  ];

  test('a flow is bound, replaced by the same of its instance, and goes with its connection', () => {
    const desk = new Desk();
    const response = desk.register(contact('sip:ann@10.0.0.1:1'), { flow: tcp });
    expect(fields(response, 'Require')).toEqual(['outbound']);
    expect(fields(response, 'Flow-Timer')).toEqual(['120']);
    expect(fields(response, 'Contact')).toEqual([
      `<sip:ann@10.0.0.1:1>;expires=3600;+sip.instance="${instance}";reg-id=1`,
    ]);
    desk.register(contact('sip:ann@10.0.0.2:2'), { flow: { ...tcp, connection: 'in-2' }, callId: 'two' });
    desk.register(contact('sip:ann@10.0.0.2:3', 2), { flow: { ...tcp, connection: 'in-3' } });
    expect(desk.uris).toEqual(['sip:ann@10.0.0.2:3', 'sip:ann@10.0.0.2:2']);
    expect([...desk.bindings.at({ ...tcp, connection: 'in-2' })]).toEqual(['ann']);
    desk.bindings.disconnected({ ...tcp, connection: 'in-2' }, desk.now);
    expect(desk.uris).toEqual(['sip:ann@10.0.0.2:3']);
    expect(desk.bindings.at({ ...tcp, connection: 'in-2' }).size).toBe(0);
  });

  test('datagrams make no flow that we could watch; a proxy before us must keep it', () => {
    const desk = new Desk();
    expect(fields(desk.register(contact('sip:ann@h')), 'Require')).toEqual([]);
    expect(desk.register(contact('sip:ann@h'), { flow: tcp, vias: 2 }).status).toBe(439);
    const edge = ['Path: <sip:edge.example;lr;ob>'];
    expect(fields(desk.register([...contact('sip:ann@h'), ...edge], { flow: tcp, vias: 2 }), 'Require')).toEqual([
      'outbound',
    ]);
  });

  test('a phone that began anew at another address is not called at the old one', () => {
    const desk = new Desk();
    const plain = (uri: string) => [`Contact: <${uri}>;+sip.instance="${instance}"`];
    desk.register(plain('sip:ann@10.0.0.1:1'));
    desk.register(plain('sip:ann@10.0.0.1:2'), { callId: 'two' });
    expect(desk.uris).toEqual(['sip:ann@10.0.0.1:2']);
    desk.register(plain('sip:ann@10.0.0.1:3'), { callId: 'two' });
    expect(desk.uris).toHaveLength(2);
  });
});

test('a process takes up what the one before it kept', () => {
  const desk = new Desk();
  desk.register(['Contact: <sip:ann@10.0.0.1>', 'Expires: 600']);
  const after = new Desk();
  after.pass(300_000);
  after.bindings.restore('ann', JSON.parse(JSON.stringify(desk.kept.get('ann'))), after.now);
  expect(after.uris).toEqual(['sip:ann@10.0.0.1']);
  expect([...after.bindings.at(udp)]).toEqual(['ann']);
  after.pass(320_000);
  expect(after.uris).toEqual([]);
  expect(after.kept.size).toBe(0);
});

describe('names of one device (RFC 5627)', () => {
  const contact = `Contact: <sip:ann@192.168.0.9>;+sip.instance="${instance}"`;
  const asks = [contact, 'Supported: gruu'];
  const temporary = ({ headers = [] }: OutgoingResponse) =>
    headers.flatMap(([, value]) => /temp-gruu="sip:([^@]+)@example\.com;gr"/.exec(value)?.[1] ?? []);

  test('are given to who asks for them and has an instance, and to nobody else', () => {
    const desk = new Desk();
    const all = ({ headers = [] }: OutgoingResponse) => headers.filter(([name]) => name === 'Contact').join();
    expect(all(desk.register([contact]))).not.toContain('gruu');
    expect(all(desk.register(['Contact: <sip:ann@192.168.0.10>', 'Supported: gruu']))).not.toContain('gruu');
    const asked = all(desk.register(asks));
    expect(asked).toContain('pub-gruu="sip:ann@example.com;gr=urn:uuid:00000000-0000-1000-8000-000A95A0E128"');
    expect(asked).toContain('temp-gruu="sip:tgruu');
  });

  test('a temporary one comes with each refresh, all are good until the device begins anew (5.1)', () => {
    const desk = new Desk();
    const names = [1, 2, 3].flatMap(() => temporary(desk.register(asks)));
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(desk.bindings.byTemporary(name, desk.now)).toEqual({ name: 'ann', instance });
    const [again] = temporary(desk.register(asks, { callId: 'two', cseq: 1 }));
    for (const name of names) expect(desk.bindings.byTemporary(name, desk.now)).toBeUndefined();
    expect(desk.bindings.byTemporary(again!, desk.now)).toEqual({ name: 'ann', instance });
    desk.pass(3_700_000);
    expect(desk.bindings.byTemporary(again!, desk.now)).toBeUndefined();
  });

  test('a device is found by them where it has registered anew meanwhile', () => {
    const desk = new Desk();
    const [name] = temporary(desk.register(asks));
    desk.register(['Contact: <sip:ann@192.168.0.10>'], { callId: 'other' });
    const moved = { ...udp, remote: { host: '192.0.2.10', port: 40_001 } };
    desk.register(asks, { flow: moved });
    const known = 'sip:ann@example.com;gr=urn:uuid:00000000-0000-1000-8000-000A95A0E128';
    expect(desk.bindings.flowTo('ann', known)).toEqual(moved);
    expect(desk.bindings.flowTo('ann', `sip:${name}@example.com;gr`)).toEqual(moved);
    expect(desk.bindings.flowTo('ann', 'sip:ann@192.168.0.10')).toEqual(udp);
    expect(desk.bindings.flowTo('ann', 'sip:ann@example.com;gr=urn:uuid:other')).toBeUndefined();
  });

  test('another device of the user is not taken for the one that a dialog is with', () => {
    const desk = new Desk();
    desk.register(['Contact: <sip:ann@192.168.0.10:5062>', 'Expires: 600']);
    expect(desk.bindings.flowTo('ann', 'sip:ann@192.168.0.10:5070;transport=tcp')).toEqual(udp);
    expect(desk.bindings.flowTo('ann', 'sip:ann@192.168.0.11')).toBeUndefined();
  });

  test('of so many at most', () => {
    const desk = new Desk();
    const names = Array.from({ length: 30 }, () => temporary(desk.register(asks))[0]!);
    const good = names.filter((name) => desk.bindings.byTemporary(name, desk.now));
    expect(good).toEqual(names.slice(-20));
  });

  test('outlive the process', () => {
    const desk = new Desk();
    const [name] = temporary(desk.register(asks));
    const next = new Desk();
    next.bindings.restore('ann', JSON.parse(JSON.stringify(desk.kept.get('ann'))), next.now);
    expect(next.bindings.byTemporary(name!, next.now)).toEqual({ name: 'ann', instance });
  });
});
