/**
 * What of some hosts answers: `scan-main.ts FROM HOST...` prints JSON, by host "tcp 5060" and "udp 161" in order. Of the ports below 2000,
 * and those around the ones that somebody here has: over TCP who lets us connect, over UDP who answers a question of SIP.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a second SYN, where the first is lost. */
const patience = 1_500;
const [from = '', ...hosts] = process.argv.slice(2);

const ports = [
  [1, 2_000],
  [5_000, 5_100],
  [8_000, 8_100],
  [9_900, 10_000],
].flatMap(([first, last]) => Array.from({ length: last! - first! + 1 }, (_, at) => first! + at));

function letsIn(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, localAddress: from });
    const end = (open: boolean) => {
      clearTimeout(late);
      socket.destroy();
      resolve(open);
    };
    const late = setTimeout(() => end(false), patience);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

async function tcpOf(host: string): Promise<number[]> {
  const open = await Promise.all(
    ports.map(async (port, at) => {
      await sleep(at / 5);
      return letsIn(host, port);
    }),
  );
  return ports.filter((_, at) => open[at]);
}

async function udpOf(host: string): Promise<number[]> {
  const answered = new Set<number>();
  const socket = createSocket('udp4', (_packet, { port }) => answered.add(port));
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.bind(0, from, resolve));
  const question = (port: number) =>
    `OPTIONS sip:${host}:${port} SIP/2.0\r\nVia: SIP/2.0/UDP ${from}:${socket.address().port};branch=z9hG4bK${port}\r\nMax-Forwards: 70\r\nFrom: <sip:scan@${from}>;tag=${port}\r\nTo: <sip:${host}>\r\nCall-ID: ${port}@${from}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
  for (const _time of ['once', 'again'])
    for (const port of ports) {
      socket.send(question(port), port, host, () => undefined);
      if (port % 50 === 0) await sleep(5);
    }
  await sleep(patience / 3);
  socket.close();
  return [...answered].sort((a, b) => a - b);
}

const found: Record<string, string[]> = {};
for (const host of hosts)
  found[host] = [
    ...(await tcpOf(host)).map((port) => `tcp ${port}`),
    ...(await udpOf(host)).map((port) => `udp ${port}`),
  ];
process.stdout.write(`${JSON.stringify(found)}\n`);
process.exit(0);
