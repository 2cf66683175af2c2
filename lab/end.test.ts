import { createSocket } from 'node:dgram';
import { expect, test } from 'vitest';
import type { HostPort } from '#kernel';
import { LabEnd } from './end.ts';
import type { FromEnd, PartyReport } from './messages.ts';
import { type CallPlan, planCall } from './plan.ts';

// Real sockets: the two ends of the lab call each other directly, without the program between them.

/** Addresses with a free UDP port each. */
async function free(count: number): Promise<HostPort[]> {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'));
  await Promise.all(sockets.map((socket) => new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))));
  const places = sockets.map((socket) => ({ host: '127.0.0.1', port: socket.address().port }));
  for (const socket of sockets) socket.close();
  return places;
}

/** Two ends that have each other as their proxy; resolves with both parties' last reports. */
async function call(plan: CallPlan, callees = plan): Promise<Record<'caller' | 'callee', PartyReport>> {
  const [a, b] = await free(2);
  const told: FromEnd[] = [];
  const over = Promise.withResolvers<void>();
  const reports: Partial<Record<'caller' | 'callee', PartyReport>> = {};
  const hear = (message: FromEnd) => {
    told.push(message);
    if (message.kind === 'party') reports[message.report.role] = message.report;
    if (reports.caller?.state === 'ended' && reports.callee?.state === 'ended') over.resolve();
  };
  const [caller, callee] = [new LabEnd(hear), new LabEnd(hear)];
  await caller.handle({ kind: 'start', addresses: [a!], proxy: b! });
  await callee.handle({ kind: 'start', addresses: [b!], proxy: a! });
  await callee.handle({ kind: 'call', role: 'callee', plan: callees });
  await caller.handle({ kind: 'call', role: 'caller', plan });
  await over.promise;
  caller.close();
  callee.close();
  return reports as Record<'caller' | 'callee', PartyReport>;
}

const short = { ...planCall(1, 1_000), ringMs: 50 };

test.each(['caller', 'callee'] as const)('they hear each other until the %s hangs up', async (hangsUp) => {
  const { caller, callee } = await call({ ...short, hangsUp });
  for (const party of [caller, callee]) {
    expect(party).toMatchObject({ heard: true, law: 'PCMA', lost: 0, troubles: [] });
    expect(party.heardMs).toBeGreaterThan(700);
    expect(party.heardMs).toBeLessThan(1_300);
    expect(party.sent).toBeGreaterThan(40);
    expect(party.end).toMatchObject({ by: party.role === hangsUp ? 'us' : 'peer', status: 200 });
  }
  expect(caller.received).toBeLessThanOrEqual(callee.sent);
  expect(caller.setUpMs).toBeGreaterThan(0);
});

test('a hold is silence for who holds, and after it both hear each other again', async () => {
  const plan: CallPlan = { ...short, law: 'PCMU', talkMs: 2_000, hold: { by: 'caller', afterMs: 500, forMs: 800 } };
  const { caller, callee } = await call(plan);
  expect(caller).toMatchObject({ heard: true, law: 'PCMU', troubles: [] });
  expect(callee).toMatchObject({ heard: true, troubles: [] });
  expect(caller.heardMs).toBeLessThan(1_400);
  expect(callee.heardMs).toBeGreaterThan(1_600);
  expect(callee.sent).toBeLessThan(75);
});

test('somebody else is not taken for the other', async () => {
  const plan = { ...short, callerTone: 440, calleeTone: 1_000 };
  const { caller, callee } = await call(plan, { ...plan, calleeTone: 1_040 });
  expect(caller).toMatchObject({ heard: false, heardMs: 0 });
  expect(caller.received).toBeGreaterThan(40);
  expect(callee).toMatchObject({ heard: true });
});
