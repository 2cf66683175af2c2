import { readdirSync, readFileSync } from 'node:fs';
import type { ManipulationRule, Profile } from '#engine/ports';
import { manipulationFaults, rulesOf } from './compile-manipulation.ts';
import { addIssue, asWritten } from './draft.ts';
import { type Files, machineFiles } from './files.ts';
import { editDistance } from './nearest.ts';
import { type Fault, fault, inOrder, type Problem, Problems } from './problems.ts';
import { profileSchema } from './schema-profile.ts';
import { readSource, type Source } from './source.ts';

/** Capability profiles: those that come with the program, and files of one's own. */

/** Both src/shell/config and dist/shell/config lie three levels below it. */
const folder = new URL('../../../profiles/', import.meta.url);

/** The names of the profiles that come with the program. */
export function shippedProfiles(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

export interface FoundProfile {
  readonly profile: Profile;
  /** What it says of messages. */
  readonly rules?: readonly ManipulationRule[];
}

/** The profile of this name or path, or why there is none. */
export function findProfile(name: string, files: Files): FoundProfile | { readonly fault: Fault } {
  if (!isPath(name)) {
    if (!shippedProfiles().includes(name)) return { fault: unknown(name) };
    return parsed(name, readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
  }
  const { text, reason } = files.read(name);
  if (text === undefined)
    return { fault: fault('TDM-1406', `${name} cannot be read: ${reason}.`, 'Check the path and the permissions.') };
  return parsed(name, text);
}

/** The same, of the files of this machine; undefined when there is none. */
export function profileOf(name: string): Profile | undefined {
  const found = findProfile(name, machineFiles());
  return 'profile' in found ? found.profile : undefined;
}

function isPath(name: string): boolean {
  return name.includes('/') || name.includes('\\') || /\.(ya?ml|json)$/i.test(name);
}

function unknown(name: string): Fault {
  const distance = (other: string) => editDistance(name.toLowerCase().slice(0, 64), other);
  const near = [...shippedProfiles()].sort((a, b) => distance(a) - distance(b));
  return fault(
    'TDM-1406',
    `there is no profile "${name.slice(0, 64)}".`,
    `The nearest are ${near.slice(0, 3).join(', ')}; all: ${shippedProfiles().join(', ')}; a file is named by its path: ./${name.slice(0, 64)}.yaml.`,
  );
}

function parsed(name: string, text: string): FoundProfile | { readonly fault: Fault } {
  const { profile, rules, problems } = readProfile(text, name);
  if (profile) return { profile, ...(rules && { rules }) };
  const [first, ...more] = problems;
  const where = first!.path && `${first!.path}: `;
  const rest = more.length > 0 ? ` There ${more.length === 1 ? 'is one more' : `are ${more.length} more`}.` : '';
  return { fault: fault('TDM-1407', `${name}, line ${first!.line}: ${where}${first!.message}${rest}`, first!.cure) };
}

export interface ReadProfile {
  /** Absent where something in it is wrong. */
  readonly profile?: Profile;
  readonly rules?: readonly ManipulationRule[];
  readonly problems: readonly Problem[];
}

/** A profile in YAML or JSON; JSON may be as a capability server gives it, with the container around it. */
export function readProfile(text: string, file: string): ReadProfile {
  const source = readSource(text, file, {});
  if (source.tree === undefined) return { problems: inOrder(source.problems.list) };
  return check(unwrapped(source));
}

/**
 * A capability set as a server gave it: maps, lists and texts, without its container. What we do not know in it, such as the additions
 * of a vendor (RFC 10006 7.3), is left out and told.
 */
export function readCapabilitySet(tree: Readonly<Record<string, unknown>>): ReadProfile & {
  /** Paths of what was left out. */
  readonly ignored: readonly string[];
} {
  const source = (of: unknown): Source => ({
    tree: of,
    problems: new Problems('', () => ({ line: 1, col: 1 })),
    valueAt: () => 0,
    keyAt: () => 0,
    lineOf: () => undefined,
  });
  const copy = structuredClone(tree);
  const own = copy.tandem;
  const rules = typeof own === 'object' && own !== null && 'manipulation' in own;
  // What becomes of messages is said by whoever runs us, never by a server that was asked for its capabilities.
  if (rules) delete own.manipulation;
  const first = source(copy);
  const unknownKeys = check(first).problems.filter(({ code }) => code === 'TDM-1101');
  // The first reading has taken them out.
  return {
    ...check(source(first.tree)),
    ignored: [...unknownKeys.map(({ path }) => path), ...(rules ? ['tandem.manipulation'] : [])],
  };
}

function check(source: Source): ReadProfile {
  const read = profileSchema.safeParse(source.tree);
  for (const issue of read.error?.issues ?? []) addIssue(source, issue, profileSchema);
  const entries = read.data?.tandem?.manipulation ?? [];
  for (const { path: inside, fault } of manipulationFaults(entries)) {
    const path = asWritten(source.tree, ['tandem', 'manipulation', ...inside]);
    source.problems.add(fault, source.valueAt(path), path, source.tree);
  }
  const problems = inOrder(source.problems.list);
  return read.success && problems.length === 0
    ? { profile: read.data, ...(entries.length > 0 && { rules: rulesOf(entries) }), problems }
    : { problems };
}

const containers = ['ietf-sip-auto-peering:sip-auto-peering', 'sip-auto-peering'];

function unwrapped(source: Source): Source {
  const tree = source.tree as Readonly<Record<string, unknown>>;
  const [container, ...more] = typeof tree === 'object' && !Array.isArray(tree) ? Object.keys(tree) : [];
  if (container === undefined || more.length > 0 || !containers.includes(container)) return source;
  return {
    tree: tree[container],
    problems: source.problems,
    valueAt: (path) => source.valueAt([container, ...path]),
    keyAt: (path) => source.keyAt([container, ...path]),
    lineOf: (path) => source.lineOf([container, ...path]),
  };
}
