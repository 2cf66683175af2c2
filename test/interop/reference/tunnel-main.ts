/**
 * The end of a tunnel, where a kernel has none: what comes by a TUN interface goes to the other end as ESP in UDP (RFC 4303, RFC 3948)
 * with AES-GCM (RFC 4106), and what comes from there goes out by it. With `gre` the packets are in GRE (RFC 2784) within.
 *
 *   tunnel-main.ts INTERFACE OUR-ADDRESS THEIR-ADDRESS KEY ipsec|gre
 *
 * KEY: 20 octets in hex, the last four of them the salt. The same at both ends, with numbers of their own: this is for tests.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { openSync, read, write } from 'node:fs';
import koffi from 'koffi';

const [name = '', ours = '', theirs = '', secret = '', inner = 'ipsec'] = process.argv.slice(2);
const port = 4500;
const key = Buffer.from(secret, 'hex').subarray(0, 16);
const salt = Buffer.from(secret, 'hex').subarray(16, 20);
/** Each end has numbers of its own, or a nonce would be used twice. */
const spi = Number(ours.split('.')[3]) + 256;
/** Of what is in ESP: IPv4, or GRE. */
const next = inner === 'gre' ? 47 : 4;
const greHeader = Buffer.from([0, 0, 0x08, 0x00]);

const tunSetIff = 0x400454ca;
const tunWithoutHeader = 0x1001;

function openTun(): number {
  const descriptor = openSync('/dev/net/tun', 'r+');
  const request = Buffer.alloc(40);
  request.write(name, 'latin1');
  request.writeUInt16LE(tunWithoutHeader, 16);
  const ioctl = koffi.load(null).func('int ioctl(int, unsigned long, void *)');
  if (ioctl(descriptor, tunSetIff, request) !== 0) throw new Error(`no interface ${name}`);
  return descriptor;
}

let sequence = 0;
function sealed(packet: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(spi, 0);
  header.writeUInt32BE(++sequence, 4);
  header.writeUInt32BE(sequence, 12);
  const payload = next === 47 ? Buffer.concat([greHeader, packet]) : packet;
  const padding = (4 - ((payload.length + 2) % 4)) % 4;
  const trailer = Buffer.from([...Array.from({ length: padding }, (_, at) => at + 1), padding, next]);
  const cipher = createCipheriv('aes-128-gcm', key, Buffer.concat([salt, header.subarray(8)]));
  cipher.setAAD(header.subarray(0, 8));
  const text = Buffer.concat([cipher.update(payload), cipher.update(trailer), cipher.final()]);
  return Buffer.concat([header, text, cipher.getAuthTag()]);
}

/** Undefined: somebody else's. */
function opened(packet: Buffer): Buffer | undefined {
  if (packet.length < 34) return undefined;
  const decipher = createDecipheriv('aes-128-gcm', key, Buffer.concat([salt, packet.subarray(8, 16)]));
  decipher.setAAD(packet.subarray(0, 8));
  decipher.setAuthTag(packet.subarray(-16));
  try {
    const text = Buffer.concat([decipher.update(packet.subarray(16, -16)), decipher.final()]);
    if (text.at(-1) !== next) return undefined;
    return text.subarray(next === 47 ? greHeader.length : 0, -2 - text.at(-2)!);
  } catch {
    return undefined;
  }
}

const tun = openTun();
const socket = createSocket('udp4', (packet) => {
  const inside = opened(packet);
  if (inside) write(tun, inside, () => undefined);
});
socket.bind(port, ours, () => {
  process.stdout.write('ready\n');
  const buffer = Buffer.alloc(2_000);
  const take = (): void =>
    read(tun, buffer, 0, buffer.length, null, (error, count) => {
      if (error) process.exit(1);
      socket.send(sealed(buffer.subarray(0, count)), port, theirs);
      take();
    });
  take();
});
