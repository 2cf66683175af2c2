import koffi from 'koffi';
import { Endpoint } from '#media/packet-io';

// Linux, 64-bit little-endian.
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const IPPROTO_IP = 0;
const IP_RECVTOS = 13;
const IPPROTO_IPV6 = 41;
const IPV6_RECVTCLASS = 66;

const library = koffi.load(null);
const open = library.func('socket', 'int', ['int', 'int', 'int']);
const bind = library.func('bind', 'int', ['int', 'void *', 'int']);
const getsockname = library.func('getsockname', 'int', ['int', 'void *', 'void *']);
const setsockopt = library.func('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'int']);
const recvmsg = library.func('recvmsg', 'int64_t', ['int', 'int64_t', 'int']);
const close = library.func('close', 'int', ['int']);

/** A UDP socket on loopback that tells the code point under which a datagram came: Node's own does not. Linux only. */
export class MarkReceiver {
  readonly at: Endpoint;
  readonly #fd: number;

  constructor(host: '127.0.0.1' | '::1') {
    const isIpv4 = host === '127.0.0.1';
    this.#fd = open(isIpv4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
    const one = Buffer.from(Int32Array.of(1).buffer);
    const twoSeconds = Buffer.from(BigInt64Array.of(2n, 0n).buffer);
    setsockopt(this.#fd, SOL_SOCKET, SO_RCVTIMEO, twoSeconds, 16);
    setsockopt(this.#fd, isIpv4 ? IPPROTO_IP : IPPROTO_IPV6, isIpv4 ? IP_RECVTOS : IPV6_RECVTCLASS, one, 4);
    const address = Buffer.alloc(isIpv4 ? 16 : 28);
    address.writeUInt16LE(isIpv4 ? AF_INET : AF_INET6);
    if (isIpv4) address.writeUInt32BE(0x7f000001, 4);
    else address[23] = 1;
    if (bind(this.#fd, address, address.length) < 0) throw new Error(`cannot bind to ${host}`);
    getsockname(this.#fd, address, Buffer.from(Int32Array.of(address.length).buffer));
    this.at = Endpoint.of(host, address.readUInt16BE(2))!;
  }

  /** The next datagram's code point; waits up to two seconds for it. */
  receive(): number {
    // All in one piece of memory that is too large to be moved.
    const memory = new ArrayBuffer(4096);
    const base = BigInt(koffi.address(memory));
    const words = new BigUint64Array(memory);
    // struct msghdr: no name, one struct iovec at 64, control at 128.
    words.set([0n, 0n, base + 64n, 1n, base + 128n, 256n, 0n]);
    words.set([base + 512n, 2048n], 8);
    const control = new Uint8Array(memory, 128, 256);
    if (recvmsg(this.#fd, base, 0) < 0) throw new Error('no datagram came');
    // struct cmsghdr: a length of 8 octets, level, type, then the value, an octet for IPv4, an int for IPv6.
    return control[16]! >> 2;
  }

  close(): void {
    close(this.#fd);
  }
}
