import type { ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();

/** What we started ends with us, however we end. SIGTERM: a program that supervises others must end those, too. */
export function endWithUs(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => process.exit(code));
}

process.once('exit', () => {
  for (const child of children) {
    child.kill('SIGTERM');
    child.kill('SIGTERM'); // the second one: do not wait for what is still under way
  }
});
