import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine, cpuMicroseconds, memory, processTree } from './process-tree.ts';

test.skipIf(process.platform !== 'linux')(
  'a tree has its grandchildren, and the CPU of a dead child stays with it',
  async () => {
    // A shell whose first child burns CPU and dies, and whose second one waits for our word.
    const burn = 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done';
    const shell = spawn('sh', ['-c', `sh -c '${burn}'; echo burnt; sh -c 'read word; true'; true`]);
    try {
      await new Promise((resolve) => shell.stdout.once('data', resolve));
      let tree = processTree(shell.pid!);
      while (tree.length < 2) tree = processTree(shell.pid!);
      expect(tree[0]).toBe(shell.pid);
      expect(commandLine(tree[1]!)).toContain('read word');
      expect(cpuMicroseconds(shell.pid!)).toBeGreaterThan(20_000);
      const { resident, proportional } = memory(shell.pid!);
      expect(resident).toBeGreaterThan(100_000);
      expect(proportional).toBeLessThanOrEqual(resident);
    } finally {
      shell.stdin.end('\n');
      await new Promise((resolve) => shell.once('close', resolve));
    }
  },
);
