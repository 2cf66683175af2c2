import { describe, expect, test } from 'vitest';
import { NonInviteServerTransaction } from './non-invite-server.ts';
import { type Act, flows, Rig, receivedRequest, rowsOf, type Transport } from './table.testing.ts';

type Machine = NonInviteServerTransaction<string>;

function start(rig: Rig, transport: Transport): Machine {
  return new NonInviteServerTransaction<string>('k', receivedRequest('OPTIONS'), flows[transport], rig);
}

const respond: Act<Machine> = (rig, machine, status) => machine.respond(status, `${status}`, rig.now);
const inputs = {
  'request again': (rig, machine) => machine.retransmitted(rig.now),
  ACK: (rig, machine) => machine.ack(receivedRequest('ACK', { toTag: 't' }), machine.flow, rig.now),
  'respond 1xx': respond,
  'respond 2xx': respond,
  'respond 3xx-6xx': respond,
  moved: (_rig, machine) => machine.moved({ ...flows.tcp, connection: 'c2' }),
  'transport error': (rig, machine) => machine.transportFailed('closed', rig.now),
  'Timer J': (rig) => rig.fire('Timer J'),
} satisfies Record<string, Act<Machine>>;

const paths = {
  trying: [],
  proceeding: ['respond 1xx'],
  completed: ['respond 2xx'],
  terminated: ['respond 2xx', 'Timer J'],
} satisfies Record<string, readonly (keyof typeof inputs)[]>;

const final = (status: string) => ({
  udp: `completed | send ${status} | J 32000`,
  tcp: `terminated | send ${status}, end`,
});
const nothing = { udp: '-', tcp: 'unreachable' };

/** RFC 3261 figure 8, and RFC 6026 8.8 for transport errors: it remains in its state. */
const outcomes = {
  trying: {
    'request again': '-',
    ACK: '-',
    'respond 1xx': 'proceeding | send 1xx | no timers',
    'respond 2xx': final('2xx'),
    'respond 3xx-6xx': final('3xx-6xx'),
    moved: '-',
    'transport error': '-',
    'Timer J': '-',
  },
  proceeding: {
    'request again': 'proceeding | send 1xx',
    ACK: '-',
    'respond 1xx': 'proceeding | send 1xx',
    'respond 2xx': final('2xx'),
    'respond 3xx-6xx': final('3xx-6xx'),
    moved: '-',
    'transport error': '-',
    'Timer J': '-',
  },
  completed: {
    'request again': { udp: 'completed | send 2xx', tcp: 'unreachable' },
    ACK: nothing,
    'respond 1xx': nothing,
    'respond 2xx': nothing,
    'respond 3xx-6xx': nothing,
    moved: nothing,
    'transport error': nothing,
    'Timer J': { udp: 'terminated | end', tcp: 'unreachable' },
  },
  terminated: {
    'request again': '-',
    ACK: '-',
    'respond 1xx': '-',
    'respond 2xx': '-',
    'respond 3xx-6xx': '-',
    moved: '-',
    'transport error': '-',
    'Timer J': '-',
  },
};

describe('non-INVITE server transaction (RFC 3261 17.2.2)', () => {
  test.each(rowsOf({ start, inputs, paths, outcomes }))('$title', ({ actual, expected }) => {
    expect(actual()).toBe(expected);
  });

  test('the final response stands for 64*T1 and is what the request coming again gets', () => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    expect(machine.request?.method).toBe('OPTIONS');
    machine.respond(404, '404', rig.now);
    expect(machine.request).toBeUndefined();
    rig.now += 31_999;
    machine.retransmitted(rig.now);
    expect(rig.left.map(({ octets }) => octets)).toEqual(['404', '404']);
    expect(rig.history().at(-1)).toBe('1 end');
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
