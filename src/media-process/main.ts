import { randomInt, randomUUID } from 'node:crypto';
import type { ProcessStats } from '#codec/media-control';
import { PortLedger } from '#media/ports';
import { Relay } from '#media/relay';
import { Log, type LogLevel } from '#shell/log';
import { CaptureDirectory } from './capture-directory.ts';
import { ControlServer } from './control-server.ts';
import { choosePacketLoop } from './packet-io/index.ts';
import { readSettings } from './settings.ts';
import { chooseSrtpCiphers } from './srtp-ciphers/index.ts';

/**
 * The media process: `node main.ts '{"socket": …, "internal": …, "external": …, "ports": …}'` (settings.ts).
 * Silent on stdout; what keeps it from starting goes to the log with exit status 1, and so does what it cannot do here. SIGTERM ends it, its calls and all;
 * the end of the signalling process does not, that of a parent that gave it a channel (`ipc`) does.
 */
async function main(): Promise<void> {
  const settings = readSettings(process.argv[2]);
  const loop = choosePacketLoop(process.env.TANDEM_PACKET_IO, (detail) =>
    log.write('warn', 'media-limited', { detail }),
  );
  const ciphers = chooseSrtpCiphers(process.env.TANDEM_SRTP_CIPHERS);

  const random = { integer: (below: number) => (below > 1 ? randomInt(below) : 0) };
  const internal = { ...settings.internal, ledger: new PortLedger(settings.ports, random) };
  const external = {
    ...settings.external,
    ledger:
      settings.external.bind === settings.internal.bind ? internal.ledger : new PortLedger(settings.ports, random),
  };
  const captures = new CaptureDirectory(settings.captures, () => loop.wake());
  const relay = new Relay(loop, { internal, external }, ciphers, captures, random, (notice) => {
    server.notify(notice);
    loop.wake();
  });
  const server = new ControlServer(settings.socket, randomUUID(), {
    onConnected: () => [...relay.silences(loop.now()), ...relay.captured()],
    onRequest: (request) => {
      const now = loop.now();
      const response = relay.handle(request, now);
      loop.wake();
      return response?.kind === 'stats' ? { ...response, process: processStats(relay.lateness(now)) } : response;
    },
  });

  await server.listen();
  loop.run(relay);
  process.send?.({ kind: 'listening' });
  // The supervisor asks whether our event loop turns.
  process.on('message', (message: { readonly kind: string; readonly level?: LogLevel }) => {
    if (message.kind === 'ping') process.send?.({ kind: 'pong' });
    else if (message.kind === 'log-level') log.level = message.level!;
  });

  const end = () => {
    server.close();
    loop.stop();
    process.exit(0);
  };
  process.once('SIGTERM', end);
  // The supervisor is gone: nobody would start us again, nor end us.
  process.once('disconnect', end);
  // The terminal's Ctrl-C reaches every process of the group: the supervisor decides when calls have drained.
  process.on('SIGINT', () => {});
}

/** `most`: ms by which the latest was served late; Node's own figures do not tell it, since packets are not waited for in its loop. */
function processStats(most: number): ProcessStats {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    pid: process.pid,
    startedAt: performance.timeOrigin,
    cpuMs: (user + system) / 1000,
    loopLagMs: { most },
    memory: { resident: rss, heap: heapUsed, external },
  };
}

const log = new Log('media', process.env.TANDEM_LOG);

main().catch((error: unknown) => {
  log.write('fatal', 'not-started', { detail: error instanceof Error ? error.message : String(error) });
  log.flush();
  process.exitCode = 1;
});
