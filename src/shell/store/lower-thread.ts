import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Has the thread that asks take the processor after the others; `niceness` as of nice(1): without rights it cannot be taken back.
 * Not every system has that for threads.
 */
export function lowerThread(niceness: number): void {
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), niceness);
  } catch {
    // All stay equal.
  }
}
