import { readFileSync } from 'node:fs';
import type { Configuration } from '#engine/ports';
import { checkSamples } from './check-samples.ts';
import { checkTogether } from './checks.ts';
import { compile } from './compile.ts';
import { readDraft } from './draft.ts';
import { type Files, machineFiles, whyUnreadable } from './files.ts';
import { inherit } from './inherit.ts';
import { fault, inOrder, type Problem, Problems } from './problems.ts';
import { readSource } from './source.ts';
import type { Environment } from './variables.ts';

export type Loaded =
  | { readonly ok: true; readonly configuration: Configuration; readonly warnings: readonly Problem[] }
  /** At least one is an error; the warnings are among them. In the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Surroundings {
  /** What problems call the file. */
  readonly file: string;
  readonly env: Environment;
  /** Those that the file names; the machine's unless given. */
  readonly files?: Files;
  /** Ms since 1970, for the dates of certificates; now unless given. */
  readonly now?: number;
  /** Who asks how trunks are need not have their passwords: where the variable of one is not set, any text will do. */
  readonly withoutSecrets?: boolean;
}

/** The configuration that a YAML text means, or everything that is wrong with it. */
export function loadConfiguration(text: string, from: Surroundings): Loaded {
  const files = from.files ?? machineFiles();
  const source = readSource(text, from.file, from.env, from.withoutSecrets);
  if (source.tree === undefined) return { ok: false, problems: inOrder(source.problems.list) };
  const inheritance = inherit(source.tree);
  const draft = readDraft(source, inheritance);
  if (typeof source.tree === 'object' && !Array.isArray(source.tree))
    checkTogether(draft, source, { files, now: from.now ?? Date.now(), originOf: inheritance.originOf });
  const problems = inOrder(source.problems.list);
  if (source.problems.failed) return { ok: false, problems };
  const configuration = withDirectory(compile(draft, files), source.tree, from.env.TANDEM_DATA);
  checkSamples(configuration, source);
  return { ok: true, configuration, warnings: inOrder(source.problems.list) };
}

/** Where the file does not say where records are, it is where commands look for them: a package and a container say that by the variable. */
function withDirectory(configuration: Configuration, tree: unknown, directory: string | undefined): Configuration {
  const said = (tree as { records?: { path?: unknown } }).records?.path;
  return said !== undefined || !directory
    ? configuration
    : { ...configuration, records: { ...configuration.records, path: directory } };
}

/** Reads and loads a file. */
export function readConfiguration(
  path: string,
  env: Environment = process.env,
  options: Pick<Surroundings, 'withoutSecrets'> = {},
): Loaded {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const problems = new Problems(path, () => ({ line: 1, col: 1 }));
    problems.add(fault('TDM-1001', `the file cannot be read: ${whyUnreadable(error)}.`), 0, [], undefined);
    return { ok: false, problems: problems.list };
  }
  return loadConfiguration(text, { file: path, env, ...options });
}
