import { connect, type Socket } from 'node:net';
import type { Located } from '#sip/locate';
import { connectionAdvice } from './advice.ts';
import { listenerFor, localAddress, ms, type Test, targetName } from './context.ts';
import { type StepOutcome, type StepVerdict, skipped, together } from './report.ts';

/** Ms that a connection has. */
const patience = 5_000;

/** A connection to a target as the program would open it: from the address of its listener. Rejects with the system's error. */
export function open({ place, trunk }: Test, { transport, remote }: Located): Promise<Socket> {
  const from = localAddress(listenerFor(place.configuration.listeners, trunk.side, transport, remote.host));
  return new Promise((resolve, reject) => {
    const socket = connect({ ...remote, ...(from === undefined ? {} : { localAddress: from }) });
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('nothing came back'), { code: 'ETIMEDOUT' })),
      patience,
    );
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error').on('error', () => {});
      resolve(socket);
    });
  });
}

/** Can each target be connected to? */
export async function connection(test: Test): Promise<StepOutcome> {
  const streams = test.targets.filter(({ transport }) => transport !== 'udp');
  if (test.targets.length === 0) return skipped('no target is known');
  if (streams.length === 0) return skipped('UDP knows no connections: OPTIONS will tell');
  const sent: string[] = [];
  const came: string[] = [];
  const todo = new Set<string>();
  const verdicts: StepVerdict[] = [];
  for (const target of streams) {
    const name = targetName(target);
    sent.push(`a TCP connection to ${name}`);
    const since = performance.now();
    try {
      const socket = await open(test, target);
      came.push(`${name}: connected in ${ms(since)} from ${socket.localAddress}`);
      socket.destroy();
      verdicts.push('passed');
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      came.push(`${name}: ${code || message} after ${ms(since)}`);
      todo.add(connectionAdvice(code, target.transport));
      verdicts.push('failed');
    }
  }
  const good = verdicts.filter((verdict) => verdict === 'passed').length;
  const summary = `${good} of ${streams.length} ${streams.length === 1 ? 'target' : 'targets'} reached`;
  return { verdict: together(verdicts), summary, sent, came, todo: [...todo] };
}
