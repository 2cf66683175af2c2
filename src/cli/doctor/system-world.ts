import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { accessSync, constants, readdirSync, readFileSync, readlinkSync, statfsSync, statSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { bindingFault } from '../check-world/listening.ts';
import type { World } from './world.ts';

/** Ms that a program which is asked may take. */
const patience = 3_000;

/** This machine. */
export function systemWorld(): World {
  return {
    platform: process.platform,
    node: process.versions.node,
    uid: process.getuid?.() ?? 0,
    cores: availableParallelism(),
    memory: memoryNow(),
    read: (path) => given(() => readFileSync(path, 'utf8')),
    list: (path) => given(() => readdirSync(path)) ?? [],
    link: (path) => given(() => readlinkSync(path)),
    status: (path) =>
      given(() => {
        const found = statSync(path);
        return { mode: found.mode, uid: found.uid, isDirectory: found.isDirectory() };
      }),
    writable: (path) => given(() => accessSync(path, constants.W_OK) === undefined) ?? false,
    disk: (path) =>
      given(() => {
        const { bavail, blocks, bsize } = statfsSync(path);
        return { free: bavail * bsize, total: blocks * bsize };
      }),
    run: (command, ...args) =>
      new Promise((tell) =>
        execFile(command, args, { timeout: patience }, (error, stdout) => tell(error ? undefined : stdout)),
      ),
    lookUp: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
    bind: (listener) => bindingFault(listener),
    systemCalls: async () => {
      if (process.platform !== 'linux') return `there are none on ${process.platform}`;
      try {
        await import('koffi');
        return undefined;
      } catch (error) {
        return (error as Error).message.split('\n')[0];
      }
    },
  };
}

function memoryNow(): World['memory'] {
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(given(() => readFileSync('/proc/meminfo', 'utf8')) ?? '')?.[1];
  const free = available === undefined ? freemem() : Number(available) * 1024;
  const most = process.constrainedMemory();
  if (!most || most >= totalmem()) return { total: totalmem(), available: free };
  return { total: most, available: Math.min(free, process.availableMemory()) };
}

/** What is not there, or not ours to see, is undefined. */
function given<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
