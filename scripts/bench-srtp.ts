import { randomBytes } from 'node:crypto';
import { readSdesKey, type SrtpCiphers, SrtpReceiver, SrtpSender, srtpSuites } from '#codec/srtp';
import { chooseSrtpCiphers } from '#media-process';
import { HmacSha1 } from '../src/codec/srtp/hmac-sha1.ts';

/**
 * What SRTP costs a packet of G.711 by itself, without sockets: microseconds to seal and to open it, by each suite and
 * by each set of ciphers.
 *
 *   node --conditions=source scripts/bench-srtp.ts [packets]
 *
 * Compare within one run only: machines are noisy.
 */
const packets = Number(process.argv[2] ?? 200_000);
const length = 172;

function cost(act: (index: number) => void): number {
  for (let index = 0; index < packets / 4; index++) act(index);
  const before = process.cpuUsage();
  for (let index = 0; index < packets; index++) act(index + packets);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / packets;
}

function bench(ciphers: SrtpCiphers, suite: (typeof srtpSuites)[number]): { seal: number; open: number } {
  const inline = randomBytes(suite.keyLength + suite.saltLength).toString('base64');
  const key = readSdesKey({ suite: suite.name, inline })!;
  const [sender, receiver] = [new SrtpSender(ciphers, key), new SrtpReceiver(ciphers, key)];
  const packet = new Uint8Array(randomBytes(length));
  const out = new Uint8Array(2048);
  packet[0] = 0x80;
  const number = (index: number) => {
    packet[2] = index >> 8;
    packet[3] = index;
  };
  const seal = cost((index) => {
    number(index);
    sender.sealRtp(packet, length, out);
  });
  // Of a sender that has not rolled over, as the receiver takes it.
  number(1);
  const fresh = new SrtpSender(ciphers, key);
  const sealed = fresh.sealRtp(packet, length, out);
  fresh.end();
  const opened = new Uint8Array(2048);
  // Not accepted, so that the same packet can be opened again and again.
  const open = cost(() => {
    if (receiver.openRtp(out, sealed, opened) !== length) throw new Error('it must be authentic');
  });
  sender.end();
  receiver.end();
  return { seal, open };
}

const hmac = new HmacSha1(new Uint8Array(20));
const packet = new Uint8Array(length);
console.log(
  `HMAC-SHA1 of ${length} octets: ${cost((index) => hmac.computeWithWord(packet, length, index)).toFixed(2)} µs`,
);
for (const name of process.platform === 'linux' ? ['openssl', 'node'] : ['node'])
  for (const suite of srtpSuites) {
    const { seal, open } = bench(chooseSrtpCiphers(name), suite);
    console.log(`${name}, ${suite.name}: ${seal.toFixed(2)} µs to seal, ${open.toFixed(2)} µs to open`);
  }
