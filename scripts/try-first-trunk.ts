/**
 * Does what docs/first-trunk.md says: its commands as they stand there, in a network of their own. As root, on Linux.
 * Exit status 1 when a command fails or nobody is heard; else how long it took.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../', import.meta.url).pathname;
const page = readFileSync(join(root, 'docs/first-trunk.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, text]) => text!.trim().split('\n'))
  // To get it is another's part.
  .filter((line) => !/^git |^npm ci$/.test(line));
/** Those for a terminal of their own, and what they say when they are there. */
const lasting: Readonly<Record<string, string>> = {
  'npm run provider': 'a provider at ',
};
/** What the wizard says at its end. */
const wizard = 'The program goes on here';

const tandem = join(root, 'bin/tandem');
const directory = mkdtempSync(join(tmpdir(), 'tandem-first-trunk-'));
try {
  const data = join(directory, 'data');
  const script = commands.map((line, n) => {
    const said = line.startsWith('npx tandem init ') ? wizard : lasting[line];
    // As it stands, but for where it writes.
    const command = line.startsWith('npx tandem ') ? `(cd ${directory}; ${line.replace('npx tandem', tandem)})` : line;
    const output = join(directory, `${n}.txt`);
    if (said === undefined) return `echo '$ ${line}'; ${command}`;
    return `echo '$ ${line}'; ${command} > ${output} 2>&1 &
      for n in $(seq 600); do grep -q '${said}' ${output} && break; sleep 0.1; done; cat ${output}; grep -q '${said}' ${output}`;
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
