/** What a hostile or broken peer tries inside and around calls, octet by octet: things a ladder can't write. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type SipRequest, SipResponse } from '#codec/sip-message';
import { Engine } from '#engine';
import { seeded } from '#kernel';
import { configurationOf } from './configurations.ts';
import { readSent } from './phone.ts';
import { World } from './world.ts';

const sdp = 'v=0\r\no=- 1 1 IN IP4 10.9.9.9\r\ns=-\r\nc=IN IP4 10.9.9.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n';
const hosts = { pbx: '10.0.0.2', itsp: '203.0.113.10', itsp2: '203.0.113.20' } as const;
type Peer = keyof typeof hosts;

let world: World;
let branches = 0;

beforeEach(() => {
  world = new World(configurationOf('one-itsp, bypass'));
});

/** Everything that has left since the last look, by whom it went to. */
function left(): { readonly host: string; readonly message: SipRequest | SipResponse }[] {
  return world.seen.splice(0).flatMap((seen) => {
    return seen.kind === 'send' ? [{ host: seen.flow.remote.host, message: readSent(seen.octets) }] : [];
  });
}

const lines = () =>
  left().map(({ host, message }) => {
    const who = Object.entries(hosts).find(([, address]) => address === host)?.[0] ?? host;
    return `${who} ${message instanceof SipResponse ? message.status : ''}${message.cseq.method}`;
  });

function give(from: Peer, octets: string): void {
  const listener = from === 'pbx' ? 'internal/udp' : 'external/udp';
  const flow = { transport: 'udp', listener, remote: { host: hosts[from], port: 5060 } } as const;
  world.give({ kind: 'received', flow, octets });
}

/** A request; `fields` take the place of, or stand beside, those that every request has. */
function request(from: Peer, method: string, fields: Record<string, string>, body = '', uri?: string): string {
  const all: Record<string, string> = {
    Via: `SIP/2.0/UDP ${hosts[from]}:5060;branch=z9hG4bK-${++branches}`,
    'Max-Forwards': '70',
    From: `<sip:1000@${hosts[from]}>;tag=caller`,
    To: '<sip:+49301@10.0.0.1>',
    'Call-ID': 'call-1',
    CSeq: `1 ${method}`,
    Contact: `<sip:phone@${hosts[from]}:5060>`,
    ...(body === '' ? {} : { 'Content-Type': 'application/sdp' }),
    ...fields,
    'Content-Length': String(body.length),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${uri ?? 'sip:+49301@10.0.0.1'} SIP/2.0\r\n${head.join('\r\n')}\r\n\r\n${body}`;
}

function answer(to: SipRequest, status: number, fields: Record<string, string>, body = ''): string {
  const all: Record<string, string> = {
    Via: to.get('via')!,
    From: to.get('from')!,
    To: to.to.tag === undefined ? `${to.get('to')};tag=callee` : to.get('to')!,
    'Call-ID': to.callId,
    CSeq: to.get('cseq')!,
    ...(to.method === 'INVITE' ? { Contact: `<sip:gateway@${hosts.itsp}:5060>` } : {}),
    ...(body === '' ? {} : { 'Content-Type': 'application/sdp' }),
    ...fields,
    'Content-Length': String(body.length),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `SIP/2.0 ${status} OK\r\n${head.join('\r\n')}\r\n\r\n${body}`;
}

/** The call as far as our INVITE at the ITSP. */
function invited(fields: Record<string, string> = {}, body = sdp, uri?: string): SipRequest {
  give('pbx', request('pbx', 'INVITE', fields, body, uri));
  return left().find(({ host }) => host === hosts.itsp)!.message as SipRequest;
}

/** An answered call; what either side knows of it. */
function talking(fields: Record<string, string> = {}): { invite: SipRequest; callerTag: string } {
  const invite = invited(fields);
  give('itsp', answer(invite, 200, {}, sdp));
  const accepted = left().find(({ host, message }) => host === hosts.pbx && message instanceof SipResponse)!.message;
  const to = `<sip:+49301@10.0.0.1>;tag=${accepted.to.tag}`;
  give('pbx', request('pbx', 'ACK', { To: to }));
  return { invite, callerTag: accepted.to.tag! };
}

const calls = () => (world.inspect().calls as { phase: string }[]).map(({ phase }) => phase);

/** All timers have run out: one record a call, and nothing is held any more. */
function rests(records: number): void {
  world.comeToRest();
  expect(world.records.size).toBe(records);
  const { calls, dialogs, deadlines, transactions, trunks } = world.inspect() as Record<string, unknown>;
  expect({ calls, dialogs, deadlines, transactions }).toEqual({
    calls: [],
    dialogs: 0,
    deadlines: 0,
    transactions: {},
  });
  expect((trunks as { calls: number }[]).map(({ calls: held }) => held)).toEqual([0, 0, 0]);
}

describe('a dialog belongs to the trunk of its leg', () => {
  test('BYE and re-INVITE of another trunk, tags and all, find no dialog', () => {
    const { invite } = talking();
    const stolen = {
      From: `${invite.get('to')};tag=callee`,
      To: invite.get('from')!,
      'Call-ID': invite.callId,
    };
    left();
    give('itsp2', request('itsp2', 'BYE', { ...stolen, CSeq: '7 BYE' }));
    give('itsp2', request('itsp2', 'INVITE', { ...stolen, CSeq: '8 INVITE' }, sdp));
    expect(lines()).toEqual(['itsp2 481BYE', 'itsp2 481INVITE']);
    expect(calls()).toEqual(['answered']);
    // Nor has it moved the CSeq on.
    give('itsp', request('itsp', 'BYE', { ...stolen, CSeq: '1 BYE' }));
    expect(lines()).toEqual(['itsp 200BYE', 'pbx BYE']);
  });

  test('CANCEL of another trunk names no INVITE', () => {
    const via = `SIP/2.0/UDP ${hosts.pbx}:5060;branch=z9hG4bK-known`;
    invited({ Via: via });
    give('itsp2', request('itsp2', 'CANCEL', { Via: via }));
    expect(lines()).toEqual(['itsp2 481CANCEL']);
    expect(calls()).toEqual(['setup']);
  });

  test('ACK of another trunk ends no waiting', () => {
    const invite = invited();
    give('itsp', answer(invite, 200, {}, sdp));
    const { message } = left().find(({ host, message }) => host === hosts.pbx && message instanceof SipResponse)!;
    give('itsp2', request('itsp2', 'ACK', { To: message.get('to')! }));
    world.pass(600);
    expect(lines()).toEqual(['pbx 200INVITE']);
  });
});

describe('a Contact or Record-Route that none of our sockets reaches', () => {
  test('of the callee: requests go where it was heard, and the call goes on', () => {
    const invite = invited();
    give('itsp', answer(invite, 200, { Contact: '<sip:gateway@[2001:db8::1]>' }, sdp));
    expect(lines()).toEqual(['itsp ACK', 'pbx 200INVITE']);
  });

  test('of the caller: its BYE comes to it', () => {
    const { invite } = talking({ Contact: '<sip:phone@[2001:db8::2]>', 'Record-Route': '<sip:[2001:db8::3];lr>' });
    left();
    give(
      'itsp',
      request('itsp', 'BYE', {
        From: `${invite.get('to')};tag=callee`,
        To: invite.get('from')!,
        'Call-ID': invite.callId,
      }),
    );
    const sent = left();
    expect(sent.map(({ host, message }) => `${host} ${message.cseq.method}`)).toEqual([
      `${hosts.itsp} BYE`,
      `${hosts.pbx} BYE`,
    ]);
    give('pbx', answer(sent[1]!.message as SipRequest, 200, {}));
    rests(1);
  });
});

test('a Record-Route that is no address spoils no request of ours', () => {
  const { invite } = talking({ 'Record-Route': 'not a route at all, <sip:10.0.0.2;lr>' });
  left();
  const theirs = { From: `${invite.get('to')};tag=callee`, To: invite.get('from')!, 'Call-ID': invite.callId };
  give('itsp', request('itsp', 'BYE', theirs));
  const bye = left().find(({ host }) => host === hosts.pbx)!.message as SipRequest;
  expect([bye.uri, bye.all('route')]).toEqual(['sip:phone@10.0.0.2:5060', ['<sip:10.0.0.2;lr>']]);
});

test('a call that must be secure on every hop is not carried over any other', () => {
  give('pbx', request('pbx', 'INVITE', {}, sdp, 'sips:+49301@10.0.0.1'));
  expect(lines()).toEqual(['pbx 416INVITE']);
});

describe('what crosses to the other side', () => {
  const crossed = (from: string, fields: Record<string, string> = {}) => invited({ From: from, ...fields });

  test('no parameter of From takes the place of its address', () => {
    const invite = crossed('"a" <sip:1000@10.0.0.2>;tag=secret;x="<sip:evil@10.0.0.2>"');
    expect(invite.get('from')).toMatch(/^"a" <sip:1000@192\.0\.2\.1>;tag=[^;]+$/);
  });

  test('a "<" in a display name is part of it', () => {
    expect(crossed('"a \\" <sip:x@y>" <sip:1000@10.0.0.2>;tag=t').get('from')).toMatch(
      /^"a \\" <sip:x@y>" <sip:1000@192\.0\.2\.1>;tag=[^;]+$/,
    );
  });

  test('an asserted identity that is none does not pass, nor does one that would show a host', () => {
    expect(
      crossed('<sip:1000@10.0.0.2>;tag=t', { 'P-Asserted-Identity': 'x@10.0.0.2 <sip:1' }).get('p-asserted-identity'),
    ).toBeUndefined();
  });

  test('an asserted identity of another scheme does not pass', () => {
    expect(
      crossed('<sip:1000@10.0.0.2>;tag=t', { 'P-Asserted-Identity': '<im:alice@10.0.0.2>' }).get('p-asserted-identity'),
    ).toBeUndefined();
  });

  test('a password in From is in no record', () => {
    const invite = crossed('<sip:1000:secret@10.0.0.2>;tag=t');
    give('itsp', answer(invite, 486, {}));
    world.comeToRest();
    expect(JSON.stringify([...world.records.values()])).not.toContain('secret');
  });
});

describe('routing sees the number that the trunk will see', () => {
  test('digits in escapes pass by no rule (RFC 3261 19.1.4)', () => {
    give('pbx', request('pbx', 'INVITE', {}, sdp, 'sip:%2B49301@10.0.0.1'));
    expect(lines()).toEqual(['pbx 100INVITE', 'itsp INVITE']);
  });
});

describe('the ACK to the callee has the CSeq of its INVITE (RFC 3261 13.2.2.4)', () => {
  const offered = () => {
    const invite = invited({}, '');
    give('itsp', answer(invite, 200, {}, sdp));
    const { message } = left().find(({ host, message }) => host === hosts.pbx && message instanceof SipResponse)!;
    return { invite, to: message.get('to')! };
  };

  test('though an INFO went before it', () => {
    const { to } = offered();
    give('pbx', request('pbx', 'INFO', { To: to, CSeq: '2 INFO' }));
    give('pbx', request('pbx', 'ACK', { To: to }, sdp));
    const ack = left().find(({ message }) => message.cseq.method === 'ACK')!.message;
    expect(ack.cseq.number).toBe(1);
  });

  test('though a process died before it', () => {
    offered();
    world.crash();
    const ack = left().find(({ message }) => message.cseq.method === 'ACK')!.message;
    expect(ack.cseq.number).toBe(1);
  });
});

describe('what a peer can grow has a limit', () => {
  test('a flood of 2xx with tags of their own', () => {
    const invite = invited();
    for (let i = 0; i < 500; i++) give('itsp', answer(invite, 200, { To: `${invite.get('to')};tag=t${i}` }, sdp));
    expect(world.inspect().dialogs).toBeLessThan(50);
    expect(left().filter(({ message }) => message.cseq.method === 'BYE').length).toBeLessThan(50);
  });

  test('the same after a crash', () => {
    const invite = invited();
    give('itsp', answer(invite, 180, {}));
    world.crash();
    left();
    for (let i = 0; i < 500; i++) give('itsp', answer(invite, 200, { To: `${invite.get('to')};tag=t${i}` }, sdp));
    expect(world.inspect().dialogs).toBeLessThan(50);
  });
});

describe('inside the dialog as outside (RFC 3261 8.2.2.3, 8.2.3)', () => {
  test('an extension that a re-INVITE requires is refused', () => {
    const { callerTag } = talking();
    left();
    const to = `<sip:+49301@10.0.0.1>;tag=${callerTag}`;
    give('pbx', request('pbx', 'INVITE', { To: to, CSeq: '2 INVITE', Require: 'precondition' }, sdp));
    const [{ message } = { message: undefined }] = left();
    expect(message).toMatchObject({ status: 420 });
    expect(message!.get('unsupported')).toBe('precondition');
  });

  test('a body that is no SDP is refused', () => {
    const { callerTag } = talking();
    left();
    const to = `<sip:+49301@10.0.0.1>;tag=${callerTag}`;
    give(
      'pbx',
      request('pbx', 'INVITE', { To: to, CSeq: '2 INVITE', 'Content-Type': 'multipart/mixed;boundary=x' }, sdp),
    );
    expect(lines()).toEqual(['pbx 415INVITE']);
  });
});

describe('what a dead process kept', () => {
  const configuration = configurationOf('one-itsp, bypass');
  const restored = (kept: Iterable<readonly [string, string]>, trunks = configuration.trunks) => {
    const engine = new Engine({ configuration: { ...configuration, trunks }, random: seeded(9) });
    const effects = engine.restore(kept, { mono: 0, wall: world.now.wall + 5_000 });
    const records = effects.flatMap((effect) => (effect.kind === 'record' ? [effect.record] : []));
    return { engine, effects, records };
  };

  test('of a call whose trunk is not configured any more becomes its record', () => {
    talking();
    const others = configuration.trunks.filter(({ name }) => name !== 'itsp');
    const { engine, effects, records } = restored(world.checkpoints, others);
    expect(records).toMatchObject([
      {
        called: '+49301',
        talkMs: 5_000,
        end: { by: 'tandem', reason: 'restarted' },
        attempts: [{ end: { reason: 'restarted' } }],
      },
    ]);
    // And is let go when that is on disk.
    const [id] = [...world.checkpoints.keys()];
    expect(effects.filter(({ kind }) => kind === 'forget')).toEqual([]);
    expect(engine.handle({ kind: 'recorded', calls: [id!] }, { mono: 1, wall: 1 })).toContainEqual({
      kind: 'forget',
      call: id,
    });
  });

  test('and can not be taken up keeps no other call from it', () => {
    talking();
    const [id, good] = [...world.checkpoints][0]!;
    const { a: _lost, ...broken } = JSON.parse(good) as { a: unknown; facts: { id: string } };
    const bad = JSON.stringify({ ...broken, a: { trunk: 'pbx' }, facts: { ...broken.facts, id: 'bad' } });
    const { engine, records } = restored([
      ['bad', bad],
      [id, good],
    ]);
    expect(records.map(({ call }) => call)).toEqual(['bad']);
    expect(engine.inspect().calls).toMatchObject([{ call: id, phase: 'answered' }]);
  });
});
