import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

/* What the server may say without parts, found where it is written: the English half of the book of a language (console/src/i18n/said/book.ts). */
const root = join(import.meta.dirname, '../..');

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Files whose sentences reach the console, and what of them does not. */
const sources: readonly { readonly files: readonly string[]; readonly of?: 'cure' | 'Problem' }[] = [
  {
    files: [
      'src/shell/config/*.ts',
      'src/policy/manipulation/*.ts',
      'src/policy/profiles/*.ts',
      'src/policy/planning/*.ts',
      'src/cli/trunk-test/*.ts',
      'src/policy/routing/near-miss.ts',
      'src/shell/tls/{certificate,certificate-store,chain,failure,inspection,judge,key-pair,tls-security,watched}.ts',
    ],
  },
  { files: ['src/shell/config/codes-*.ts'], of: 'cure' },
  { files: ['src/api/**/*.ts'], of: 'Problem' },
];

/** Of the command line and of documents. */
const unseen =
  /\.(test|testing)\.ts$|config\/(codes-|pages|profile-pages|errors\.ts|help-scopes|json-schema|problems\.ts)|trunk-test\/(html|text|run|test-call|tls-lines)\.ts/;

/** What is told of the schema, of lines that were sent and came, and of what cannot be. */
const silentCalls = new Set(['describe', 'meta', 'invariant', 'unreachable', 'answerLines', 'refer']);
const silentKeys = new Set(['sent', 'came', 'example', 'examples', 'description']);

/** Sentences by where they stand; `{}` is what varies. */
export function sentences(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { files, of } of sources)
    for (const file of files.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted()) {
      if (unseen.test(file) && !(of === 'cure' && !file.includes('codes-entry'))) continue;
      const tree = parseSync(readFileSync(join(root, file), 'utf8'), { syntax: 'typescript' }) as unknown as Node;
      for (const text of textsIn(tree.body, of)) if (isSentence(text)) found.set(text, file);
    }
  for (const file of globSync('profiles/*.yaml', { cwd: root }).toSorted())
    for (const [, title] of readFileSync(join(root, file), 'utf8').matchAll(/^ {2}title: (.*)$/gm))
      if (title!.includes(' ')) found.set(title!, file);
  return found;
}

/** Of the schema: what its keys mean. */
export function descriptions(): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value))
      if (key === 'description' && typeof inner === 'string') found.add(inner);
      else walk(inner);
  };
  walk(JSON.parse(readFileSync(join(root, 'docs/tandem.schema.json'), 'utf8')));
  return found;
}

/** As the book has it: without what joins it to what stands before. */
function isSentence(text: string): boolean {
  return (
    /[a-z]{2}[,:;)]? [a-z{`"($[\d]|\{\} [a-z]{3}|^[A-Z][a-z]+ [a-z]+/i.test(text) && !/^\s|\n|^-----|-----$/.test(text)
  );
}

function textsIn(node: unknown, of: 'cure' | 'Problem' | undefined): string[] {
  const found: string[] = [];
  const take = (inner: unknown) => {
    if (Array.isArray(inner)) {
      for (const one of inner) take(one);
      return;
    }
    if (typeof inner !== 'object' || inner === null) return;
    const one = inner as Node;
    switch (one.type) {
      case 'ImportDeclaration':
      case 'TsTypeAliasDeclaration':
      case 'TsInterfaceDeclaration':
        return;
      case 'CallExpression':
        if (silentCalls.has(nameOf(one.callee)) || silentKeys.has(ownerOf(one.callee))) {
          // What is described is not said, but what checks it may be.
          if (nameOf(one.callee) === 'describe' || nameOf(one.callee) === 'meta') take(one.callee);
          return;
        }
        break;
      case 'KeyValueProperty':
        if (silentKeys.has(nameOf(one.key))) return;
        break;
      case 'StringLiteral':
        found.push(tidy(one.value as string));
        return;
      case 'TemplateLiteral':
        found.push(tidy((one.quasis as { cooked: string }[]).map(({ cooked }) => cooked).join('{}')));
        take(one.expressions);
        return;
    }
    for (const key in one) if (key !== 'span') take(one[key]);
  };
  if (of === undefined) take(node);
  else for (const part of partsIn(node, of)) take(part);
  return found;
}

/** The values of a key, or what problems are made with. */
function partsIn(node: unknown, of: 'cure' | 'Problem'): unknown[] {
  if (Array.isArray(node)) return node.flatMap((one) => partsIn(one, of));
  if (typeof node !== 'object' || node === null) return [];
  const one = node as Node;
  if (of === 'cure' && one.type === 'KeyValueProperty' && nameOf(one.key) === 'cure') return [one.value];
  if (of === 'Problem' && one.type === 'NewExpression' && nameOf(one.callee) === 'Problem') return [one.arguments];
  return Object.entries(one).flatMap(([key, inner]) => (key === 'span' ? [] : partsIn(inner, of)));
}

function tidy(text: string): string {
  return text.replace(/^[,;:] /, '');
}

function nameOf(node: unknown): string {
  const { value, property } = (node ?? {}) as { value?: unknown; property?: { value?: unknown } };
  return String(value ?? property?.value ?? '');
}

/** `sent` of `sent.push(…)`. */
function ownerOf(node: unknown): string {
  return nameOf((node as { object?: unknown }).object);
}
