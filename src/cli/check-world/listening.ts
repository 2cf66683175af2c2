import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Listener } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { failed, passed, type StepOutcome } from '../trunk-test/report.ts';

/**
 * Whether listeners are bound: a port that nobody else may bind is taken. With a running program that is as it should be; without one
 * each must be free. What is bound here for that is let go at once, and takes nothing.
 */
export async function listening(listeners: readonly Listener[], running: boolean): Promise<StepOutcome> {
  const came: string[] = [];
  const todo: string[] = [];
  for (const listener of listeners) {
    const place = `${listener.id} at ${formatHostPort(listener.bind)}`;
    const code = await bindingFault(listener);
    if (code === 'EADDRINUSE') {
      came.push(`${place}: ${running ? 'bound' : 'somebody else has it'}`);
      if (!running) todo.push(`${listener.id}: end what holds ${formatHostPort(listener.bind)}, or take another port.`);
    } else if (code === undefined) {
      came.push(`${place}: ${running ? 'nobody listens' : 'free'}`);
      if (running) todo.push(`${listener.id}: the running program does not listen there: restart it with this file.`);
    } else {
      came.push(`${place}: ${code}`);
      todo.push(
        code === 'EADDRNOTAVAIL'
          ? `${listener.id}: this machine has no address ${listener.bind.host}: correct \`bind\`, or bring the address up.`
          : `${listener.id}: it cannot be bound (${code}); ports below 1024 need the right to them.`,
      );
    }
  }
  const count = `${listeners.length} ${listeners.length === 1 ? 'listener' : 'listeners'}`;
  return todo.length === 0
    ? passed(`${count} ${running ? 'bound' : 'can be bound'}`, { came })
    : failed(`${todo.length} of ${count} not as it should be`, { came, todo });
}

/** Why it cannot be bound; undefined: it can. */
export function bindingFault({ transport, bind }: Pick<Listener, 'transport' | 'bind'>): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const fault = ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message);
  if (transport === 'udp') {
    const socket = createSocket(bind.host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      fault(error);
      socket.close();
    });
    socket.bind({ address: bind.host, port: bind.port, exclusive: true }, () => socket.close(() => resolve(undefined)));
    return promise;
  }
  const server = createServer((peer) => peer.destroy());
  server.once('error', fault);
  server.listen({ host: bind.host, port: bind.port, exclusive: true }, () => server.close(() => resolve(undefined)));
  return promise;
}
