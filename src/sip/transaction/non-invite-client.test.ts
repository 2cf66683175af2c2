import { describe, expect, test } from 'vitest';
import { NonInviteClientTransaction } from './non-invite-client.ts';
import { type Act, flows, Rig, receivedResponse, rowsOf, type Transport } from './table.testing.ts';

type Machine = NonInviteClientTransaction<string>;

const octets = 'OPTIONS sip:bob@192.0.2.9 SIP/2.0\r\n…';

function start(rig: Rig, transport: Transport): Machine {
  const machine = new NonInviteClientTransaction('k', 'OPTIONS', octets, flows[transport], 'owner', rig);
  machine.start(rig.now);
  return machine;
}

const receive: Act<Machine> = (rig, machine, status) =>
  machine.receive(receivedResponse(status, 'OPTIONS', { toTag: 't' }), machine.flow, rig.now);
const inputs = {
  'receive 1xx': receive,
  'receive 2xx': receive,
  'receive 3xx-6xx': receive,
  moved: (rig, machine) => machine.moved(flows.udp, 'via', octets, rig.now),
  'transport error': (rig, machine) => machine.transportFailed('refused', rig.now),
  'Timer E': (rig) => rig.fire('Timer E'),
  'Timer F': (rig) => rig.fire('Timer F'),
  'Timer K': (rig) => rig.fire('Timer K'),
} satisfies Record<string, Act<Machine>>;

const paths = {
  trying: [],
  proceeding: ['receive 1xx'],
  completed: ['receive 2xx'],
  terminated: ['transport error'],
} satisfies Record<string, readonly (keyof typeof inputs)[]>;

const final = (status: string) => ({
  udp: `completed | tell response ${status} | K 5000`,
  tcp: `terminated | tell response ${status}, end`,
});
const failed = 'terminated | tell failed transport, end';
const timedOut = 'terminated | tell failed timeout, end';
const nothing = { udp: '-', tcp: 'unreachable' };

/** RFC 3261 figure 6. */
const outcomes = {
  trying: {
    'receive 1xx': {
      udp: 'proceeding | tell response 1xx | E 500, F 32000',
      tcp: 'proceeding | tell response 1xx | F 32000',
    },
    'receive 2xx': final('2xx'),
    'receive 3xx-6xx': final('3xx-6xx'),
    // Both now and before on UDP, the timers start anew at the same time.
    moved: { udp: 'trying | send OPTIONS', tcp: 'trying | send OPTIONS | E 500, F 32000' },
    'transport error': failed,
    'Timer E': { udp: 'trying | send OPTIONS | E 1000, F 31500', tcp: '-' },
    'Timer F': timedOut,
    'Timer K': '-',
  },
  proceeding: {
    'receive 1xx': 'proceeding | tell response 1xx',
    'receive 2xx': final('2xx'),
    'receive 3xx-6xx': final('3xx-6xx'),
    moved: '-',
    'transport error': failed,
    'Timer E': { udp: 'proceeding | send OPTIONS | E 4000, F 31500', tcp: '-' },
    'Timer F': timedOut,
    'Timer K': '-',
  },
  completed: {
    'receive 1xx': nothing,
    'receive 2xx': nothing,
    'receive 3xx-6xx': nothing,
    moved: nothing,
    'transport error': nothing,
    'Timer E': nothing,
    'Timer F': nothing,
    'Timer K': { udp: 'terminated | end', tcp: 'unreachable' },
  },
  terminated: {
    'receive 1xx': '-',
    'receive 2xx': '-',
    'receive 3xx-6xx': '-',
    moved: '-',
    'transport error': '-',
    'Timer E': '-',
    'Timer F': '-',
    'Timer K': '-',
  },
};

describe('non-INVITE client transaction (RFC 3261 17.1.2)', () => {
  test.each(rowsOf({ start, inputs, paths, outcomes }))('$title', ({ actual, expected }) => {
    expect(actual()).toBe(expected);
  });

  test('UDP: Timer E doubles up to T2, Timer F ends it after 64*T1', () => {
    const rig = new Rig();
    start(rig, 'udp');
    const sent = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500].map((at) => `${at} send OPTIONS`);
    expect(rig.history()).toEqual([...sent, '32000 tell failed timeout', '32000 end']);
  });

  test('UDP: after a provisional response Timer E is T2', () => {
    const rig = new Rig();
    const machine = start(rig, 'udp');
    receive(rig, machine, 100);
    rig.log.length = 0;
    const sent = [500, 4500, 8500, 12500, 16500, 20500, 24500, 28500].map((at) => `${at} send OPTIONS`);
    expect(rig.history()).toEqual([...sent, '32000 tell failed timeout', '32000 end']);
  });

  test('TCP: sent once, Timer F ends it', () => {
    const rig = new Rig();
    start(rig, 'tcp');
    expect(rig.history()).toEqual(['0 send OPTIONS', '32000 tell failed timeout', '32000 end']);
  });

  test('moved, it leaves by the new flow and retransmits as that wants', () => {
    const rig = new Rig();
    const machine = start(rig, 'tcp');
    machine.moved(flows.udp, 'via', 'OPTIONS anew', rig.now);
    rig.fire('Timer E');
    expect(rig.left.map(({ flow, octets }) => [flow.transport, octets])).toEqual([
      ['tcp', octets],
      ['udp', 'OPTIONS anew'],
      ['udp', 'OPTIONS anew'],
    ]);
  });
});
