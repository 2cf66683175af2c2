import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatProblems, loadConfiguration } from '#shell/config';
import { commandLine } from '../src/cli/command-line.ts';

/* What the pages tell people to write and to type is there to be had. */
const root = join(import.meta.dirname, '..');
/** Guides that do not lie in docs/how-to. */
const guidesBesides = new Set(['docs/first-trunk.md', 'docs/install.md', 'docs/upgrade.md', 'docs/backup.md']);
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].sort();
const guides = pages.filter((page) => page.startsWith('docs/how-to/') || guidesBesides.has(page));

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

function blocks(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```([a-z]*)\n([\s\S]*?)^```$/gm)].map(([, language, body]) => ({
    page,
    language: language!,
    text: body!,
  }));
}

/** The text of a page without its code. */
function prose(page: string): string {
  return readFileSync(join(root, page), 'utf8')
    .replaceAll(/^( *)```[\s\S]*?^ *```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => '`'.padEnd(code.length, '_'));
}

/** How a heading is found: as GitHub and the site have it. */
function anchors(page: string): ReadonlySet<string> {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return new Set(
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('every link of every page leads somewhere', () => {
  const known = new Map(pages.map((page) => [page, anchors(page)]));
  const dead = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path, anchor] = link.split('#');
        const target = path === '' ? page : relative(root, join(root, dirname(page), path!));
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && known.has(target) && !known.get(target)!.has(anchor);
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(pages.length).toBeGreaterThan(100);
  expect(dead).toEqual([]);
});

describe('what is shown of the configuration is sound:', () => {
  const base = parse(`
listeners: [{ name: all, bind: 192.0.2.5 }]
trunks:
  - { name: pbx, kind: ip-pbx, addresses: 192.0.2.20 }
  - { name: itsp, kind: itsp, addresses: 203.0.113.10 }
routes:
  - { name: outbound, from: pbx, to: itsp }
  - { name: inbound, from: itsp, to: pbx }
`) as { trunks: { name: string }[] };
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: () => 'secret', has: () => true });
  const shown = guides.flatMap(blocks).filter(({ language }) => language === 'yaml');

  test.each(shown)('$page: $text', ({ page, text }) => {
    const read = parse(text) as object;
    // A list is trunks that take the place of those in the file; keys go beside what is there.
    const whole = Array.isArray(read)
      ? { ...base, trunks: base.trunks.map((trunk) => read.find(({ name }) => name === trunk.name) ?? trunk) }
      : { ...base, ...read };
    const loaded = loadConfiguration(stringify(whole), { file: page, env });
    // A certificate that a page names is not on this machine.
    const problems = (loaded.ok ? loaded.warnings : loaded.problems).filter(({ code }) => code !== 'TDM-1401');
    expect(formatProblems(problems)).toBe('');
  });
});

describe('what is to be typed is a command:', () => {
  const typed = guides
    .flatMap(blocks)
    .filter(({ language }) => ['sh', 'console'].includes(language))
    .flatMap(({ page, text, language }) =>
      text
        .split('\n')
        .filter((line) => language === 'sh' || line.startsWith('$ '))
        .map((line) => line.replace(/^\$ /, '').replace(/^((sudo( -u \w+)?|npx|[A-Z_]+=\S+) )*/, ''))
        .filter((line) => line.startsWith('tandem '))
        .map((line) => ({ page, line: line.replace(/ +[#&].*$/, '') })),
    );

  test.each(typed)('$page: $line', async ({ line }) => {
    const program = await commandLine();
    let command: Command = program;
    const [, ...words] = line.split(/ +/);
    const rest: string[] = [];
    for (const word of words) {
      const next = rest.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      if (next) command = next;
      else rest.push(word);
    }
    expect(command, 'no such command').not.toBe(program);
    const { unknown, operands } = command.parseOptions(rest);
    expect(unknown, 'options that it does not have').toEqual([]);
    const { registeredArguments } = command;
    expect(operands.length).toBeGreaterThanOrEqual(registeredArguments.filter(({ required }) => required).length);
    expect(operands.length).toBeLessThanOrEqual(registeredArguments.length);
  });
});
