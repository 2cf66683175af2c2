import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, test } from 'vitest';
import { lowerProcess } from './priority.ts';

describe.runIf(process.platform === 'linux')('who stands back', () => {
  test('a process, with its session', () => {
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    try {
      lowerProcess(child.pid!, 3);
      expect(getPriority(child.pid!)).toBe(3);
      // Not every kernel has it.
      const group = (pid: number | 'self') => {
        try {
          return readFileSync(`/proc/${pid}/autogroup`, 'latin1');
        } catch {
          return undefined;
        }
      };
      expect(group(child.pid!) ?? ' nice 3').toContain(' nice 3');
      expect(group('self') ?? '').not.toContain(' nice 3');
    } finally {
      child.kill('SIGKILL');
    }
  });

  test('who is gone is no trouble', () => {
    expect(() => lowerProcess(0x7fff_fffe, 3)).not.toThrow();
  });
});
