import { spawnSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')('a thread stands back, and none beside it', () => {
  const script = `
    import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
    import { lowerThread } from ${JSON.stringify(new URL('./lower-thread.ts', import.meta.url).href)};
    const niceness = (id) => Number(readFileSync('/proc/self/task/' + id + '/stat', 'latin1').split(') ')[1].split(' ')[16]);
    lowerThread(10);
    const own = readlinkSync('/proc/thread-self').split('/').at(-1);
    const others = readdirSync('/proc/self/task').filter((id) => id !== own).map(niceness);
    console.log(JSON.stringify([niceness(own), Math.max(...others)]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const usual = getPriority();
  expect(JSON.parse(stdout || 'null'), stderr).toEqual([10, usual]);
});
