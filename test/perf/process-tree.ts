import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What /proc says about a process and all that descend from it. Linux only. */

const microsecondsPerTick = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The fields of /proc/PID/stat from `state` on (proc(5) field 3), or undefined when the process is gone. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** `root` and its living descendants, parents first. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(statFields(pid)?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (let at = 0; at < tree.length; at++) tree.push(...(children.get(tree[at]!) ?? []));
  return tree;
}

/** CPU microseconds, user and system, that the tree has used: living processes, and dead ones that were waited for. */
export function cpuMicroseconds(root: number): number {
  let ticks = 0;
  for (const pid of processTree(root)) {
    const fields = statFields(pid);
    if (fields === undefined) continue;
    for (const field of [11, 12, 13, 14]) ticks += Number(fields[field]); // utime, stime, cutime, cstime
  }
  return ticks * microsecondsPerTick;
}

/** CPU microseconds that all processes of the machine have used since it started; interrupts are not in it. */
function machineMicroseconds(): number {
  const [, user, nice, system] = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.split(/\s+/).map(Number);
  return (user! + nice! + system!) * microsecondsPerTick;
}

/** Says afterwards how busy processes that are not ours were, in processors: 0.1 is a tenth of one. */
export function watchOthers(): () => number {
  const others = (): number => machineMicroseconds() - cpuMicroseconds(process.pid);
  const [before, startedAt] = [others(), performance.now()];
  return () => Math.max(0, (others() - before) / 1_000 / (performance.now() - startedAt));
}

export interface Memory {
  /** Bytes resident, summed over the processes: a page that two of them share counts twice. */
  readonly resident: number;
  /** Bytes resident, each shared page divided among its users. */
  readonly proportional: number;
}

export function memory(root: number): Memory {
  let resident = 0;
  let proportional = 0;
  for (const pid of processTree(root)) {
    let rollup: string;
    try {
      rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    } catch {
      continue;
    }
    resident += 1024 * Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    proportional += 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return { resident, proportional };
}

/** The command line of a process, arguments parted by blanks; empty when it is gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
