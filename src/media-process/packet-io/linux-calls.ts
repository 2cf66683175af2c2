import { createRequire } from 'node:module';
import { endianness } from 'node:os';
import { isMainThread } from 'node:worker_threads';

/**
 * The system calls of the packet path. Pointers go as plain numbers: addresses of one buffer that is never moved
 * (`address`), which costs a call less than handing over a typed array.
 */
export interface LinuxCalls {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, length: number): number;
  close(fd: number): number;
  setsockopt(fd: number, level: number, option: number, value: number, length: number): number;
  recvfrom(fd: number, data: number, size: number, flags: number, address: number, addressLength: number): number;
  sendto(fd: number, data: number, size: number, flags: number, address: number, addressLength: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: number): number;
  epoll_wait(epoll: number, events: number, maximum: number, timeoutMs: number): number;
  /** The descriptor that becomes readable when Node's own event loop has something to do. */
  nodeLoopFd(): number;
  /** Error number of the last call that gave -1. */
  errno(): number;
  /** Where a buffer lies. The buffer must be large (small ones live in V8's heap, which moves) and be kept. */
  address(buffer: ArrayBuffer): number;
  readonly errnoNames: ReadonlyMap<number, string>;
}

/** Binds the calls, or tells what this host lacks. */
export function loadLinuxCalls(): LinuxCalls | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: `not on ${process.platform}` };
  // The layouts in epoll.ts are those of the 64-bit little-endian ABIs.
  if (endianness() !== 'LE' || !['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch))
    return { missing: `not on ${process.arch}` };
  // A worker's event loop is not the default one, whose descriptor we can have.
  if (!isMainThread) return { missing: 'not on the main thread' };
  try {
    // Required here, since it fails where npm has no build of it for the host's C library.
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
    // The program itself: Node is linked to the C library and exports libuv.
    const library = koffi.load(null);
    const uvDefaultLoop = library.func('uv_default_loop', 'void *', []);
    const uvBackendFd = library.func('uv_backend_fd', 'int', ['void *']);
    const { errno } = koffi.os;
    return {
      socket: library.func('socket', 'int', ['int', 'int', 'int']),
      bind: library.func('bind', 'int', ['int', 'int64_t', 'int']),
      close: library.func('close', 'int', ['int']),
      setsockopt: library.func('setsockopt', 'int', ['int', 'int', 'int', 'int64_t', 'int']),
      recvfrom: library.func('recvfrom', 'int', ['int', 'int64_t', 'int64_t', 'int', 'int64_t', 'int64_t']),
      sendto: library.func('sendto', 'int', ['int', 'int64_t', 'int64_t', 'int', 'int64_t', 'int']),
      epoll_create1: library.func('epoll_create1', 'int', ['int']),
      epoll_ctl: library.func('epoll_ctl', 'int', ['int', 'int', 'int', 'int64_t']),
      epoll_wait: library.func('epoll_wait', 'int', ['int', 'int64_t', 'int', 'int']),
      nodeLoopFd: () => uvBackendFd(uvDefaultLoop()) as number,
      errno: () => koffi.errno(),
      address: (buffer) => Number(koffi.address(buffer)),
      errnoNames: new Map(Object.entries(errno).map(([name, number]) => [number as number, name])),
    };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
