import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';

/**
 * Helm's templates as far as our chart uses them: values, `if`, `quote`, `toYaml`, `nindent`, and `-` that takes white space away. What it does not know it
 * refuses, so that the chart stays within what is tested.
 */
export interface Rendered {
  readonly objects: readonly Record<string, unknown>[];
  /** Paths of all values that were asked for. */
  readonly used: ReadonlySet<string>;
}

type Step = { readonly literal: string } | { readonly action: string };

export function renderChart(directory: string, release: string, change: object = {}): Rendered {
  const values = { ...(parse(readFileSync(join(directory, 'values.yaml'), 'utf8')) as object), ...change };
  const chart = parse(readFileSync(join(directory, 'Chart.yaml'), 'utf8')) as Record<string, unknown>;
  const upper = Object.fromEntries(Object.entries(chart).map(([key, v]) => [key[0]!.toUpperCase() + key.slice(1), v]));
  const used = new Set<string>();
  const scope = { Values: values, Chart: upper, Release: { Name: release } };
  const look = (path: string): unknown => {
    used.add(path.slice(1));
    let value: unknown = scope;
    for (const name of path.slice(1).split('.')) {
      if (typeof value !== 'object' || value === null || !(name in value)) throw new Error(`there is no ${path}`);
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  };
  const objects = globSync('templates/*.yaml', { cwd: directory })
    .sort()
    .flatMap((file) => {
      const text = render(steps(readFileSync(join(directory, file), 'utf8')), look);
      return parseAllDocuments(text).map((document) => {
        if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]!.message}\n${text}`);
        return document.toJS() as Record<string, unknown>;
      });
    });
  return { objects, used };
}

function steps(text: string): Step[] {
  const found: Step[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{(-)?\s*(.*?)\s*(-)?\}\}/g)) {
    const before = text.slice(at, match.index);
    found.push({ literal: match[1] ? before.trimEnd() : before }, { action: match[2]! });
    if (match[3]) throw new Error(`not known here: ${match[0]}`);
    at = match.index + match[0].length;
  }
  return [...found, { literal: text.slice(at) }];
}

function render(all: readonly Step[], look: (path: string) => unknown): string {
  let text = '';
  /** Of each `if` that is open: whether it holds. */
  const open: boolean[] = [];
  for (const step of all) {
    const isShown = open.every(Boolean);
    if ('literal' in step) text += isShown ? step.literal : '';
    else if (step.action === 'end') open.pop();
    else if (step.action.startsWith('if ')) open.push(isTrue(look(step.action.slice(3))));
    else if (isShown) text += evaluate(step.action, look);
  }
  if (open.length > 0) throw new Error('an `if` has no `end`');
  return text;
}

/** As Go's templates see it. */
function isTrue(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function evaluate(action: string, look: (path: string) => unknown): string {
  const [first, ...pipes] = action.split('|').map((part) => part.trim());
  const [, isYaml, path] = /^(toYaml )?(\.[A-Za-z.]+)$/.exec(first!) ?? [];
  if (path === undefined) throw new Error(`not known here: ${action}`);
  const value = look(path);
  if (isYaml === undefined && typeof value === 'object') throw new Error(`${path} is no text`);
  let text = isYaml ? stringify(value).trimEnd() : String(value);
  for (const pipe of pipes) {
    const [, indent] = /^nindent (\d+)$/.exec(pipe) ?? [];
    if (indent !== undefined) text = `\n${text.replaceAll(/^/gm, ' '.repeat(Number(indent)))}`;
    else if (pipe === 'quote') text = JSON.stringify(text);
    else throw new Error(`not known here: ${action}`);
  }
  return text;
}
