import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, must } from '../harness.ts';

const root = join(import.meta.dirname, '../../..');
const names = readdirSync(join(root, 'examples/topologies')).filter((file) => file.endsWith('.yaml'));

/** As anybody would run them: each its own programs, phones and, where a link is cut, network. */
const all: Case = {
  name: `all ${names.length} topologies: their sample calls are made, and what happens to them happens`,
  limit: 240,
  async run(lab) {
    const { code, said } = await run(lab.caseDirectory);
    const told = said.split('\n');
    const missing = names.filter((file) => !told.includes(file.slice(0, -5)));
    const wrong = told.filter((line) => line.startsWith('✗') || line.startsWith('-'));
    must(
      code === 0 && missing.length === 0 && wrong.length === 0,
      () => `status ${code}, without ${missing}:\n${said}`,
    );
  },
};

function run(data: string): Promise<{ readonly code: number; readonly said: string }> {
  const args = ['--conditions=source', join(root, 'lab/example/main.ts'), 'all'];
  // Each example has its own default below ./data: those of one run are not to be found by the next.
  const options = { cwd: data, maxBuffer: 1 << 24 };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? 1, said: out + err }),
    );
  });
}

export const examples: readonly Case[] = [all];
