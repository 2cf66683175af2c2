import { type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiSocket } from '../../src/app/socket-path.ts';
import { type Program, Programs, until } from '../support/running-program.ts';

/** What a running program tells of its calls while they stand, through deaths of its processes. */
let programs: Programs;
const streams: IncomingMessage[] = [];

beforeEach(() => {
  programs = new Programs();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.destroy();
  await programs.end();
});

function open(program: Program, method: string, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath: apiSocket(program.data), method, path: `/api/v1${path}` }, resolve);
    asking.on('error', reject).end();
  });
}

// biome-ignore lint/suspicious/noExplicitAny: answers of all kinds
async function ask(program: Program, path: string, method = 'GET'): Promise<any> {
  const answer = await open(program, method, path).catch(() => undefined);
  if (!answer) return undefined;
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return JSON.parse(text);
}

/** The events of a stream, by name, as they come. */
async function follow(program: Program): Promise<string[]> {
  const answer = await open(program, 'GET', '/events');
  streams.push(answer);
  const events: string[] = [];
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    for (const [, event = ''] of chunk.matchAll(/^event: (.*)$/gm)) events.push(event);
  });
  answer.on('error', () => {});
  return events;
}

const isCurrent = (program: Program, standing: number) => async () => {
  const calls = await ask(program, '/calls');
  return calls?.state === 'current' && calls.standing === standing;
};

describe.runIf(process.platform === 'linux')('what stands', () => {
  test('is seen by the API, through the death of the signalling process, until an operator ends it', async () => {
    const { program, pbx, itsp, call, request: sip } = await programs.withParties();
    await expect.poll(isCurrent(program, 0), { timeout: 8_000 }).toBe(true);
    const events = await follow(program);
    const to = await call('standing');
    await expect.poll(isCurrent(program, 1), { timeout: 3_000 }).toBe(true);
    const [{ call: id, ...seen }] = (await ask(program, '/calls?sort=caller')).items;
    expect(seen).toMatchObject({ phase: 'answered', from: { trunk: 'pbx' }, to: { trunk: 'itsp' }, media: 'bypass' });
    expect((await ask(program, `/calls/${id}`)).live.decisions.length).toBeGreaterThan(0);

    process.kill(program.part('signalling')!, 'SIGKILL');
    await expect.poll(async () => (await ask(program, '/calls'))?.state, { interval: 10 }).toBe('lost');
    expect((await ask(program, '/problems')).items[0]).toMatchObject({ id: 'signalling-lost', severity: 'critical' });
    await expect.poll(isCurrent(program, 1), { timeout: 8_000 }).toBe(true);
    expect((await ask(program, '/problems')).items).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'restart signalling' })]),
    );

    // The 200 comes again after the restart, and who has not acknowledged it is sent no BYE (RFC 3261 15).
    sip('ACK', 'standing', 1, to);
    expect(await ask(program, `/calls/${id}`, 'DELETE')).toEqual({ at: expect.any(String) });
    await Promise.all([pbx.hears('BYE'), itsp.hears('BYE')]);
    await expect.poll(isCurrent(program, 0), { timeout: 3_000 }).toBe(true);
    const { record } = await ask(program, `/calls/${id}`);
    expect(record).toMatchObject({ end: { by: 'tandem', reason: 'operator' } });
    expect(record.decisions).toContainEqual(expect.objectContaining({ rule: 'operator', outcome: 'ended by local' }));
    await until(async () => (await ask(program, '/records?reason=operator')).items.length === 1);
    expect(new Set(events)).toEqual(new Set(['hello', 'calls', 'ended', 'trunk', 'house', 'mirror']));
    expect((await ask(program, '/trunks/itsp')).hour.to).toMatchObject({ calls: 1, answered: 1 });
  });
});
