import type { Socket } from 'node:net';
import { endianness } from 'node:os';

const IPPROTO_IP = 0;
const IP_TOS = 1;
const IPPROTO_IPV6 = 41;
const IPV6_TCLASS = 67;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;

/** struct tcp_info, as far as it is read: it has only ever grown at its end. */
const unackedAt = 24;
const bytesAckedAt = 120;
const notSentAt = 144;
const infoSize = 148;

type Call = (fd: number, level: number, option: number, value: number, size: number) => number;

interface Calls {
  readonly setsockopt: Call;
  readonly getsockopt: Call;
  readonly view: DataView;
  /** Of the view's octets, and of four more behind it for a length. */
  readonly address: number;
}

let calls: Calls | undefined;
let loading: Promise<void> | undefined;

/** What the functions below need; without it, where there is no such system, they do nothing. */
export function loadSocketCalls(): Promise<void> {
  loading ??= (async () => {
    if (process.platform !== 'linux' || endianness() !== 'LE') return;
    try {
      const { default: koffi } = await import('koffi');
      const library = koffi.load(null);
      // Large enough to lie outside V8's heap and never be moved.
      const memory = new ArrayBuffer(4096);
      calls = {
        setsockopt: library.func('setsockopt', 'int', ['int', 'int', 'int', 'int64_t', 'int']),
        getsockopt: library.func('getsockopt', 'int', ['int', 'int', 'int', 'int64_t', 'int64_t']),
        view: new DataView(memory),
        address: Number(koffi.address(memory)),
      };
    } catch {
      // Connections go unmarked, and what is not acknowledged is found by the kernel, in a quarter of an hour.
    }
  })();
  return loading;
}

/** Marks what a connection sends with a differentiated services code point. False where that cannot be done. */
export function markSocket(socket: Socket, dscp: number): boolean {
  const fd = descriptor(socket);
  if (!calls || fd === undefined) return false;
  calls.view.setInt32(0, dscp << 2, true);
  // A socket of IPv6 sends IPv4 as well, to mapped addresses: each option tells for its own.
  const isIpv6 = socket.remoteFamily === 'IPv6';
  const v4 = calls.setsockopt(fd, IPPROTO_IP, IP_TOS, calls.address, 4);
  const v6 = isIpv6 ? calls.setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, calls.address, 4) : 0;
  return isIpv6 ? v6 === 0 : v4 === 0;
}

/** The code point that it marks with; undefined where that cannot be told. */
export function markOf(socket: Socket): number | undefined {
  const isIpv6 = socket.remoteFamily === 'IPv6';
  const read = isIpv6 ? option(socket, IPPROTO_IPV6, IPV6_TCLASS, 4) : option(socket, IPPROTO_IP, IP_TOS, 4);
  return read ? read.getInt32(0, true) >> 2 : undefined;
}

/** Whether something waits to be sent or acknowledged, and octets acknowledged in all; undefined where that cannot be told. */
export function acknowledgement(
  socket: Socket,
): { readonly outstanding: boolean; readonly octets: bigint } | undefined {
  const info = option(socket, IPPROTO_TCP, TCP_INFO, infoSize);
  if (!info) return undefined;
  const outstanding = info.getUint32(unackedAt, true) > 0 || info.getUint32(notSentAt, true) > 0;
  return { outstanding, octets: info.getBigUint64(bytesAckedAt, true) };
}

function option(socket: Socket, level: number, name: number, size: number): DataView | undefined {
  const fd = descriptor(socket);
  if (!calls || fd === undefined) return undefined;
  const lengthAt = 1024;
  calls.view.setInt32(lengthAt, size, true);
  const failed = calls.getsockopt(fd, level, name, calls.address, calls.address + lengthAt) !== 0;
  return failed || calls.view.getInt32(lengthAt, true) < size ? undefined : calls.view;
}

/** Node gives it in no other way. */
function descriptor(socket: Socket): number | undefined {
  const fd = (socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd;
  return fd !== undefined && fd >= 0 ? fd : undefined;
}
