import { describe, expect, test } from 'vitest';
import { InviteServerTransaction } from './invite-server.ts';
import { type Act, flows, Rig, receivedRequest, rowsOf, type Transport } from './table.testing.ts';

type Machine = InviteServerTransaction<string>;

function start(rig: Rig, transport: Transport): Machine {
  return new InviteServerTransaction<string>('k', receivedRequest('INVITE'), flows[transport], rig);
}

const respond: Act<Machine> = (rig, machine, status) => machine.respond(status, `${status}`, rig.now);
const inputs = {
  'INVITE again': (rig, machine) => machine.retransmitted(rig.now),
  ACK: (rig, machine) => machine.ack(receivedRequest('ACK', { toTag: 't' }), machine.flow, rig.now),
  'respond 1xx': respond,
  'respond 2xx': respond,
  'respond 3xx-6xx': respond,
  moved: (_rig, machine) => machine.moved({ ...flows.tcp, connection: 'c2' }),
  'transport error': (rig, machine) => machine.transportFailed('closed', rig.now),
  'Timer G': (rig) => rig.fire('Timer G'),
  'Timer H': (rig) => rig.fire('Timer H'),
  'Timer I': (rig) => rig.fire('Timer I'),
  'Timer L': (rig) => rig.fire('Timer L'),
} satisfies Record<string, Act<Machine>>;

/** What was answered so far decides what a retransmission gets: a state of its own here. */
const paths = {
  proceeding: [],
  'proceeding, 1xx sent': ['respond 1xx'],
  accepted: ['respond 2xx'],
  completed: ['respond 1xx', 'respond 3xx-6xx'],
  confirmed: ['respond 3xx-6xx', 'ACK'],
  terminated: ['respond 2xx', 'Timer L'],
} satisfies Record<string, readonly (keyof typeof inputs)[]>;

const proceeding = {
  'INVITE again': '-',
  ACK: '-',
  'respond 1xx': { udp: 'proceeding | send 1xx', tcp: 'proceeding | send 1xx' },
  'respond 2xx': 'accepted | send 2xx | L 32000',
  'respond 3xx-6xx': {
    udp: 'completed | send 3xx-6xx | G 500, H 32000',
    tcp: 'completed | send 3xx-6xx | H 32000',
  },
  moved: '-',
  'transport error': '-', // RFC 6026 8.8: remains; here and below
  'Timer G': '-',
  'Timer H': '-',
  'Timer I': '-',
  'Timer L': '-',
};
const nothing = { udp: '-', tcp: 'unreachable' };

/** RFC 6026 figure 7, which replaces RFC 3261's. */
const outcomes = {
  proceeding,
  'proceeding, 1xx sent': { ...proceeding, 'INVITE again': 'proceeding | send 1xx' },
  accepted: {
    'INVITE again': '-',
    ACK: 'accepted | tell ack',
    'respond 1xx': '-',
    'respond 2xx': 'accepted | send 2xx',
    'respond 3xx-6xx': '-',
    moved: '-',
    'transport error': '-',
    'Timer G': '-',
    'Timer H': '-',
    'Timer I': '-',
    'Timer L': 'terminated | end',
  },
  completed: {
    'INVITE again': 'completed | send 3xx-6xx',
    ACK: { udp: 'confirmed | I 5000', tcp: 'terminated | end' },
    'respond 1xx': '-',
    'respond 2xx': '-',
    'respond 3xx-6xx': '-',
    moved: '-',
    'transport error': '-',
    'Timer G': { udp: 'completed | send 3xx-6xx | G 1000, H 31500', tcp: '-' },
    'Timer H': 'terminated | tell unconfirmed, end',
    'Timer I': '-',
    'Timer L': '-',
  },
  confirmed: {
    'INVITE again': nothing,
    ACK: nothing,
    'respond 1xx': nothing,
    'respond 2xx': nothing,
    'respond 3xx-6xx': nothing,
    moved: nothing,
    'transport error': nothing,
    'Timer G': nothing,
    'Timer H': nothing,
    'Timer I': { udp: 'terminated | end', tcp: 'unreachable' },
    'Timer L': nothing,
  },
  terminated: {
    'INVITE again': '-',
    ACK: '-',
    'respond 1xx': '-',
    'respond 2xx': '-',
    'respond 3xx-6xx': '-',
    moved: '-',
    'transport error': '-',
    'Timer G': '-',
    'Timer H': '-',
    'Timer I': '-',
    'Timer L': '-',
  },
};

describe('INVITE server transaction (RFC 3261 17.2.1, RFC 6026 7.1)', () => {
  test.each(rowsOf({ start, inputs, paths, outcomes }))('$title', ({ actual, expected }) => {
    expect(actual()).toBe(expected);
  });

  test('UDP: Timer G doubles up to T2, Timer H ends it after 64*T1', () => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    machine.respond(486, '486', rig.now);
    const sent = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500].map((at) => `${at} send 3xx-6xx`);
    expect(rig.history()).toEqual([...sent, '32000 tell unconfirmed', '32000 end']);
  });

  test('TCP: a refusal is sent once, Timer H waits for the ACK', () => {
    const rig = new Rig();
    start(rig, 'tcp').respond(486, '486', rig.now);
    expect(rig.history()).toEqual(['0 send 3xx-6xx', '32000 tell unconfirmed', '32000 end']);
  });

  test('an INVITE that comes again gets the last provisional response, octet for octet', () => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    machine.respond(100, '100', rig.now);
    machine.respond(183, '183', rig.now);
    machine.retransmitted(rig.now);
    expect(rig.left.map(({ octets }) => octets)).toEqual(['100', '183', '183']);
  });

  test('the request is kept while it can be answered and let go afterwards', () => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    machine.respond(180, '180', rig.now);
    expect(machine.request?.method).toBe('INVITE');
    machine.respond(200, '200', rig.now);
    expect(machine.request).toBeUndefined();
  });

  test('moved, it answers by the new flow', () => {
    const rig = new Rig();
    const machine = start(rig, 'tcp');
    const fresh = { ...flows.tcp, connection: 'c2' };
    machine.moved(fresh);
    machine.respond(200, '200', rig.now);
    expect(rig.left[0]!.flow).toBe(fresh);
  });
});
