import { describe, expect, test } from 'vitest';
import { parseMessage, type SipRequest } from '#codec/sip-message';
import { InviteClientTransaction } from './invite-client.ts';
import { formatOutgoing, type OutgoingRequest } from './outgoing.ts';
import { type Act, flows, Rig, receivedResponse, rowsOf, type Transport } from './table.testing.ts';

const invite: OutgoingRequest = {
  method: 'INVITE',
  uri: 'sip:bob@192.0.2.9',
  from: '<sip:alice@192.0.2.1>;tag=ours',
  to: '<sip:bob@192.0.2.9>',
  callId: 'abc',
  cseq: 7,
  routes: ['<sip:192.0.2.8;lr>', '<sip:192.0.2.9;lr>'],
  headers: [
    ['Max-Forwards', '68'],
    ['Contact', '<sip:192.0.2.1>'],
  ],
  body: '',
};
const via = 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKours;rport';

type Machine = InviteClientTransaction<string>;

function answer(status: number, toTag = 'theirs') {
  return receivedResponse(status, 'INVITE', { via, toTag, cseq: 7 });
}

const receive: Act<Machine> = (rig, machine, status) => machine.receive(answer(status), machine.flow, rig.now);
const inputs = {
  'receive 1xx': receive,
  'receive 2xx': receive,
  'receive 3xx-6xx': receive,
  cancel: (rig, machine) => machine.cancel(rig.now),
  moved: (rig, machine) => machine.moved(flows.udp, via, formatOutgoing(invite, via), rig.now),
  'transport error': (rig, machine) => machine.transportFailed('refused', rig.now),
  'Timer A': (rig) => rig.fire('Timer A'),
  'Timer B': (rig) => rig.fire('Timer B'),
  'Timer D': (rig) => rig.fire('Timer D'),
  'Timer M': (rig) => rig.fire('Timer M'),
  cancelled: (rig) => rig.fire('cancelled'),
} satisfies Record<string, Act<Machine>>;
type InputName = keyof typeof inputs;

/** How each state is reached. A CANCEL asked for too early, and one that was sent, are states of their own here. */
const paths = {
  calling: [],
  'calling, cancel wanted': ['cancel'],
  proceeding: ['receive 1xx'],
  'proceeding, CANCEL sent': ['receive 1xx', 'cancel'],
  accepted: ['receive 2xx'],
  completed: ['receive 3xx-6xx'],
  terminated: ['transport error'],
} as const satisfies Record<string, readonly InputName[]>;

const toAccepted = 'accepted | tell response 2xx | M 32000';
const toCompleted = {
  udp: 'completed | send ACK, tell response 3xx-6xx | D 32000',
  tcp: 'terminated | send ACK, tell response 3xx-6xx, end',
};
const toProceeding = 'proceeding | tell response 1xx | no timers';
const timedOut = 'terminated | tell failed timeout, end';
const unreachable = { udp: '-', tcp: 'unreachable' };

const calling = {
  'receive 1xx': toProceeding,
  'receive 2xx': toAccepted,
  'receive 3xx-6xx': toCompleted,
  cancel: '-', // 9.1: waits for a provisional response
  // Both now and before on UDP, the timers start anew at the same time.
  moved: { udp: 'calling | send INVITE', tcp: 'calling | send INVITE | A 500, B 32000' },
  'transport error': 'terminated | tell failed transport, end',
  'Timer A': { udp: 'calling | send INVITE | A 1000, B 31500', tcp: '-' },
  'Timer B': timedOut,
  'Timer D': '-',
  'Timer M': '-',
  cancelled: '-',
} as const;

const proceeding = {
  'receive 1xx': 'proceeding | tell response 1xx',
  'receive 2xx': toAccepted,
  'receive 3xx-6xx': toCompleted,
  cancel: 'proceeding | send CANCEL | cancelled 32000',
  moved: '-',
  'transport error': '-', // figure 5 has none here: the answer may come by another connection
  'Timer A': '-',
  'Timer B': '-',
  'Timer D': '-',
  'Timer M': '-',
  cancelled: '-',
} as const;

/** RFC 3261 figure 5 and 9.1, with RFC 6026 figure 5. */
const outcomes = {
  calling,
  'calling, cancel wanted': {
    ...calling,
    'receive 1xx': 'proceeding | tell response 1xx, send CANCEL | cancelled 32000',
  },
  proceeding,
  'proceeding, CANCEL sent': { ...proceeding, cancel: '-', cancelled: timedOut },
  accepted: {
    'receive 1xx': '-',
    'receive 2xx': 'accepted | tell response 2xx',
    'receive 3xx-6xx': '-',
    cancel: '-',
    moved: '-',
    'transport error': '-',
    'Timer A': '-',
    'Timer B': '-',
    'Timer D': '-',
    'Timer M': 'terminated | end',
    cancelled: '-',
  },
  completed: {
    'receive 1xx': unreachable,
    'receive 2xx': { udp: 'completed | tell response 2xx', tcp: 'unreachable' },
    'receive 3xx-6xx': { udp: 'completed | send ACK', tcp: 'unreachable' },
    cancel: unreachable,
    moved: unreachable,
    // Figure 5 would inform the TU once more; it has its final response, and an ACK lost is theirs to ask for again.
    'transport error': { udp: 'terminated | end', tcp: 'unreachable' },
    'Timer A': unreachable,
    'Timer B': unreachable,
    'Timer D': { udp: 'terminated | end', tcp: 'unreachable' },
    'Timer M': unreachable,
    cancelled: unreachable,
  },
  terminated: {
    'receive 1xx': '-',
    'receive 2xx': '-',
    'receive 3xx-6xx': '-',
    cancel: '-',
    moved: '-',
    'transport error': '-',
    'Timer A': '-',
    'Timer B': '-',
    'Timer D': '-',
    'Timer M': '-',
    cancelled: '-',
  },
};

function start(rig: Rig, transport: Transport): Machine {
  const flow = flows[transport];
  const machine = new InviteClientTransaction('k', invite, via, formatOutgoing(invite, via), flow, 'owner', rig);
  machine.start(rig.now);
  return machine;
}

describe('INVITE client transaction (RFC 3261 17.1.1, RFC 6026 7.2)', () => {
  test.each(rowsOf({ start, inputs, paths, outcomes }))('$title', ({ actual, expected }) => {
    expect(actual()).toBe(expected);
  });

  test('UDP: Timer A doubles without a cap, Timer B ends it after 64*T1', () => {
    const rig = new Rig();
    start(rig, 'udp');
    expect(rig.history()).toEqual([
      '0 send INVITE',
      '500 send INVITE',
      '1500 send INVITE',
      '3500 send INVITE',
      '7500 send INVITE',
      '15500 send INVITE',
      '31500 send INVITE',
      '32000 tell failed timeout',
      '32000 end',
    ]);
  });

  test('TCP: sent once, Timer B ends it', () => {
    const rig = new Rig();
    start(rig, 'tcp');
    expect(rig.history()).toEqual(['0 send INVITE', '32000 tell failed timeout', '32000 end']);
  });

  test.each([200, 486])('UDP: after %i it lingers 32 s', (status) => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    machine.receive(answer(status), flows.udp, rig.now);
    expect(rig.history().at(-1)).toBe('32000 end');
  });

  test('the ACK to a refusal: Via, Request-URI, Route, From, Call-ID of the INVITE, To of the response (17.1.1.3)', () => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    machine.receive(answer(486, 'busy'), flows.udp, rig.now);
    const sent = rig.left.at(-1)!;
    const ack = parseMessage(sent.octets) as SipRequest;
    expect(sent.flow).toBe(flows.udp);
    expect([ack.method, ack.uri, ack.callId, ack.cseq]).toEqual([
      'ACK',
      invite.uri,
      'abc',
      { number: 7, method: 'ACK' },
    ]);
    expect(ack.all('via')).toEqual([via]);
    expect(ack.all('route')).toEqual(invite.routes);
    expect(ack.get('from')).toBe(invite.from);
    expect(ack.to.tag).toBe('busy');
    expect(ack.maxForwards).toBe(70);
    expect(ack.get('contact')).toBeUndefined();
    expect(ack.body).toBe('');
    // The same octets again for the refusal again.
    machine.receive(answer(486, 'busy'), flows.udp, rig.now);
    expect(rig.left.at(-1)!.octets).toBe(sent.octets);
  });

  test('fallen back to UDP, its ACK carries the Via and takes the path of what was sent last', () => {
    const rig = new Rig();
    const stream = 'SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bKours;rport';
    const machine = new InviteClientTransaction(
      'k',
      invite,
      stream,
      formatOutgoing(invite, stream),
      flows.tcp,
      'owner',
      rig,
    );
    machine.start(rig.now);
    machine.moved(flows.udp, via, formatOutgoing(invite, via), rig.now);
    expect(rig.armed()).toBe('A 500, B 32000');
    machine.receive(answer(503), flows.udp, rig.now);
    expect(machine.via).toBe(via);
    expect(rig.left.map(({ flow }) => flow.transport)).toEqual(['tcp', 'udp', 'udp']);
    expect((parseMessage(rig.left[2]!.octets) as SipRequest).via.raw).toBe(via);
  });
});
