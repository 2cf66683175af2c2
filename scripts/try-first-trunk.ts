/**
 * Does what docs/first-trunk.md says, from the file on: its file and its commands as they stand there, in a network of their own. As root, on Linux.
 * Exit status 1 when a command fails or nobody is heard; else how long it took.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../', import.meta.url).pathname;
const page = readFileSync(join(root, 'docs/first-trunk.md'), 'utf8');
const [, file] = /```yaml\n(listeners:[\s\S]*?)```/.exec(page)!;
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, text]) => text!.trim().split('\n'))
  // To get it is another's part.
  .filter((line) => !/^git |^npm ci$/.test(line));
/** Those for a terminal of their own, and what they say when they are there. */
const lasting: Readonly<Record<string, string>> = {
  'npm run provider': 'a provider at ',
  'npx tandem run --watch tandem.yaml': ' ready: listening',
};

const directory = mkdtempSync(join(tmpdir(), 'tandem-first-trunk-'));
try {
  const yaml = join(directory, 'tandem.yaml');
  const data = join(directory, 'data');
  // As it stands, but for where it keeps what it keeps.
  writeFileSync(yaml, `${file}records: { path: ${data} }\n`);
  const script = commands.map((line, n) => {
    const said = lasting[line];
    const command = line.replaceAll('tandem.yaml', yaml);
    const output = join(directory, `${n}.txt`);
    if (said === undefined) return `echo '$ ${line}'; ${command}`;
    return `echo '$ ${line}'; ${command} > ${output} 2>&1 &
      for n in $(seq 300); do grep -q '${said}' ${output} && break; sleep 0.1; done; cat ${output}; grep -q '${said}' ${output}`;
  });
  const began = performance.now();
  const isolated = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...isolated, 'bash', '-ec', ['ip link set lo up', ...script].join('\n')],
    { cwd: root, encoding: 'utf8', timeout: 150_000, env: { ...process.env, NO_COLOR: '1', TANDEM_DATA: data } },
  );
  process.stdout.write(stdout + stderr);
  const isHeard = stdout.includes('2 heard both ways') && /^ok {4}Audio .*our own tone/m.test(stdout);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(status === 0 && isHeard ? `heard, after ${seconds} s` : `not heard (status ${status})`);
  process.exitCode = status === 0 && isHeard ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
