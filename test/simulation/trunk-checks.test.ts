/** The simulator's checks of trunks find what they are for, where no seed may be waited for. */
import { describe, expect, test } from 'vitest';
import type { Configuration, Trunk } from '#engine/ports';
import { TrunkChecks } from '../../src/sim/checks/trunks.ts';

const trunk: Trunk = {
  name: 'north',
  kind: 'itsp',
  side: 'external',
  transport: 'tcp',
  addresses: [{ host: '198.51.100.30', port: 5060, matchPort: false }],
  capacity: {},
  setupTimeout: 8_000,
  ringTimeout: 60_000,
  health: { interval: 0, misses: 1, successes: 1, failedCalls: 1 },
};
const configuration = { trunks: [trunk] } as unknown as Configuration;
const flow = {
  transport: 'tcp',
  listener: 'external/tcp',
  remote: { host: '198.51.100.30', port: 5060 },
  connection: 'c',
} as const;
const now = (mono: number) => ({ mono, wall: mono });

/** As much of an engine as the checks look at. */
function engine(skip: string | undefined) {
  return { trunks: { skip: () => skip } } as never;
}

function request(method: string, n: number): string {
  const fields = [
    `Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK${n}`,
    'From: <sip:a@192.0.2.1>;tag=1',
    'To: <sip:b@198.51.100.30>',
    `Call-ID: ${n}`,
    `CSeq: 1 ${method}`,
    'Content-Length: 0',
  ];
  return `${method} sip:b@198.51.100.30 SIP/2.0\r\n${fields.join('\r\n')}\r\n\r\n`;
}

describe('REGISTERs', () => {
  const register = (checks: TrunkChecks, times: number, everyMs: number) => {
    for (let i = 0; i < times; i++) checks.sent(engine(undefined), flow, request('REGISTER', i), now(i * everyMs));
  };

  test('forty in a minute are enough', () => {
    register(new TrunkChecks(configuration), 40, 100);
    expect(() => register(new TrunkChecks(configuration), 41, 100)).toThrow('41 REGISTERs in a minute to north');
    register(new TrunkChecks(configuration), 200, 1_500);
  });

  test('one that is sent again is one', () => {
    const checks = new TrunkChecks(configuration);
    for (let i = 0; i < 100; i++) checks.sent(engine(undefined), flow, request('REGISTER', 1), now(i));
  });
});

describe('calls to whom is to be skipped', () => {
  const record = (attempts: number, outcome: string) =>
    ({
      attempts: Array.from({ length: attempts }, () => ({ leg: { callId: '2' } })),
      decisions: [{ rule: 'trunk north', outcome }],
    }) as never;
  const called = (skip: string | undefined) => {
    const checks = new TrunkChecks(configuration);
    checks.sent(engine(undefined), flow, request('OPTIONS', 1), now(0));
    checks.turn(engine(skip), now(1));
    checks.sent(engine(skip), flow, request('INVITE', 2), now(1));
    return checks;
  };

  test('are found', () => {
    expect(() => called('down').recorded(record(1, 'no'))).toThrow(
      'north is called at tcp 198.51.100.30:5060, which is skipped: down',
    );
    expect(() => called('down').recorded(record(2, 'nothing else is left: tried all the same'))).toThrow('is skipped');
  });

  test('are not, where nothing was wrong or nothing else left', () => {
    called(undefined).recorded(record(1, 'no'));
    called('down').recorded(record(1, 'nothing else is left: tried all the same'));
  });
});

test('a trunk is not kept out', () => {
  const checks = new TrunkChecks(configuration);
  expect(() => checks.dropped('banned', { host: '198.51.100.30', port: 1 })).toThrow('north is kept out');
  checks.dropped('banned', { host: '198.51.100.31', port: 1 });
  checks.dropped('stray-ack', { host: '198.51.100.30', port: 1 });
});
