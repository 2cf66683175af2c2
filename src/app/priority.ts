import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * Has a process of ours that was just started take the processor after those that calls wait for; threads that it makes inherit that.
 * `niceness` as of nice(1): without rights it cannot be taken back. The system may forbid it, or have no such thing.
 */
export function lowerProcess(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
    // Linux weighs sessions first, and each of our processes is one (sched(7), "The autogroup feature").
    writeFileSync(`/proc/${pid}/autogroup`, `${niceness}`);
  } catch {
    // All stay equal.
  }
}
