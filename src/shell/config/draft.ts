import type { z } from 'zod';
import type { Inheritance } from './inherit.ts';
import { nearest } from './nearest.ts';
import { type Fault, fault, type Path } from './problems.ts';
import {
  documentSchema,
  type GroupEntry,
  type ListenerEntry,
  type MediaEntry,
  type TrunkEntry,
  unknownSourceSchema,
} from './schema.ts';
import { type DecisionsEntry, decisionsSchema } from './schema-decisions.ts';
import { type EmergencyEntry, emergencySchema } from './schema-emergency.ts';
import { listenerSchema } from './schema-listener.ts';
import { type HealthEntry, healthSchema, type ManagementEntry, managementSchema } from './schema-management.ts';
import { mediaSchema } from './schema-media.ts';
import { type NodeEntry, nodeSchema, type PoolEntry, poolSchema } from './schema-nodes.ts';
import { type DialPlanEntry, dialPlanSchema } from './schema-numbers.ts';
import {
  type PolicyEntry,
  policySchema,
  type RegistrarEntry,
  registrarSchema,
  type SampleEntry,
  sampleSchema,
  type UserEntry,
  userSchema,
} from './schema-people.ts';
import { type LinkEntry, linkSchema, type SiteEntry, siteSchema } from './schema-places.ts';
import { type PlanningEntry, planningSchema } from './schema-planning.ts';
import { type RouteEntry, routeSchema } from './schema-routes.ts';
import { dnsSchema, protectionSchema, recordsSchema, sipSchema } from './schema-service.ts';
import { type TracingEntry, tracingSchema } from './schema-tracing.ts';
import { groupSchema, trunkSchema } from './schema-trunk.ts';
import { reported, type Source } from './source.ts';

/**
 * What of the file is sound in itself. An entry that is not is undefined, so that the rest can still be looked at: all problems
 * are told at once, and none that only follows from another.
 */
export interface Draft {
  readonly listeners: readonly (ListenerEntry | undefined)[];
  readonly trunks: readonly (TrunkEntry | undefined)[];
  /** What is said of each trunk, and where; undefined where there are no defaults. */
  readonly settingsOf: Inheritance['settingsOf'];
  readonly groups: readonly (GroupEntry | undefined)[];
  readonly routes: readonly (RouteEntry | undefined)[];
  readonly sites: readonly (SiteEntry | undefined)[];
  readonly links: readonly (LinkEntry | undefined)[];
  readonly nodes: readonly (NodeEntry | undefined)[];
  readonly pools: readonly (PoolEntry | undefined)[];
  readonly dialPlans: readonly (DialPlanEntry | undefined)[];
  readonly policies: readonly (PolicyEntry | undefined)[];
  readonly users: readonly (UserEntry | undefined)[];
  /** More of them. */
  readonly usersFile: string | undefined;
  /** Undefined also where the file says nothing of it. */
  readonly registrar: RegistrarEntry | undefined;
  readonly decisions: DecisionsEntry | undefined;
  readonly emergency: EmergencyEntry | undefined;
  readonly samples: readonly (SampleEntry | undefined)[];
  readonly planning: PlanningEntry | undefined;
  readonly media: MediaEntry | undefined;
  readonly records: z.output<typeof recordsSchema> | undefined;
  /** Undefined also where the file says nothing of it. */
  readonly management: ManagementEntry | undefined;
  readonly health: HealthEntry | undefined;
  readonly tracing: TracingEntry | undefined;
  readonly sip: z.output<typeof sipSchema> | undefined;
  readonly protection: z.output<typeof protectionSchema> | undefined;
  /** Undefined also where the file says nothing of it. */
  readonly dns: z.output<typeof dnsSchema> | undefined;
  readonly unknownSource: z.output<typeof unknownSourceSchema> | undefined;
}

function withoutDefaults(sites: unknown): unknown {
  if (!Array.isArray(sites)) return sites;
  return sites.map((site) => (isMap(site) ? { ...site, 'trunk-defaults': undefined } : site));
}

/** Checks every value by itself; adds the faults to the source's problems. */
export function readDraft(source: Source, { originOf, settingsOf }: Inheritance): Draft {
  const { tree } = source;
  const whole = documentSchema.safeParse(tree);
  for (const issue of whole.error?.issues ?? []) {
    const path = issue.path as (string | number)[];
    const missing = lookUp(tree, path) === undefined;
    // What defaults lack may be in trunks, and what is wrong in them is not theirs.
    if (missing ? path.includes('trunk-defaults') && shortText(tree, path) === undefined : originOf(path) !== undefined)
      continue;
    addIssue(source, issue);
  }
  const of = (key: string): unknown => (isMap(tree) ? tree[key] : undefined);
  const each = <T extends z.ZodType>(entries: unknown, schema: T): (z.output<T> | undefined)[] =>
    Array.isArray(entries) ? entries.map((entry) => schema.safeParse(entry).data) : [];
  const list = <T extends z.ZodType>(key: string, schema: T) => each(of(key), schema);
  const users = of('users');
  const usersFile = isMap(users) ? users.file : undefined;
  return {
    listeners: list('listeners', listenerSchema),
    trunks: list('trunks', trunkSchema),
    settingsOf,
    groups: list('groups', groupSchema),
    routes: list('routes', routeSchema),
    // Their defaults are in the trunks by now, and may lack what is there.
    sites: each(withoutDefaults(of('sites')), siteSchema),
    links: list('links', linkSchema),
    nodes: list('nodes', nodeSchema),
    pools: list('pools', poolSchema),
    dialPlans: list('dial-plans', dialPlanSchema),
    policies: list('policies', policySchema),
    users: each(isMap(users) ? users.list : users, userSchema),
    usersFile: typeof usersFile === 'string' ? usersFile : undefined,
    registrar: registrarSchema.safeParse(of('registrar')).data,
    decisions: decisionsSchema.safeParse(of('decisions')).data,
    emergency: emergencySchema.safeParse(of('emergency')).data,
    samples: list('tests', sampleSchema),
    planning: planningSchema.safeParse(of('planning')).data,
    media: mediaSchema.prefault({}).safeParse(of('media')).data,
    records: recordsSchema.prefault({}).safeParse(of('records')).data,
    management: managementSchema.safeParse(of('management')).data,
    health: healthSchema.safeParse(of('health')).data,
    tracing: tracingSchema.safeParse(of('tracing')).data,
    sip: sipSchema.prefault({}).safeParse(of('sip')).data,
    protection: protectionSchema.prefault({}).safeParse(of('protection')).data,
    dns: dnsSchema.safeParse(of('dns')).data,
    unknownSource: unknownSourceSchema.safeParse(of('unknown-source')).data,
  };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands in the tree at `path`; undefined where nothing does. */
function lookUp(tree: unknown, path: Path): unknown {
  let value: unknown = tree;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** The path as the file has it: a map that stands for a list of one has no index, a list that stands for a map no key. */
export function asWritten(tree: unknown, path: Path): (string | number)[] {
  const written: (string | number)[] = [];
  for (const step of path) {
    const above = lookUp(tree, written);
    if (typeof step === 'number' ? !isMap(above) : !Array.isArray(above)) written.push(step);
  }
  return written;
}

/** The text above `path` that stands for what is there: the one key of a short form, a list of one. */
function shortText(tree: unknown, path: Path): string | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const value = lookUp(tree, path.slice(0, length));
    if (value !== undefined) return typeof value === 'string' ? value : undefined;
  }
  return undefined;
}

/** Adds what a schema found in the source's tree; `root` is the schema of the whole tree. */
export function addIssue(source: Source, issue: z.core.$ZodIssue, root: z.core.$ZodType = documentSchema): void {
  const path = asWritten(source.tree, issue.path as (string | number)[]);
  const add = (found: Fault, offset: number, at: Path = path) => source.problems.add(found, offset, at, source.tree);
  const value = lookUp(source.tree, path) ?? shortText(source.tree, path);
  if (value === reported) return;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const inner = [...path, key];
      add(unknownKey(key, path, root), source.keyAt(inner), inner);
      // The rest of the entry may well be sound.
      const map = lookUp(source.tree, path);
      if (isMap(map)) delete map[key];
    }
    return;
  }
  if (value === undefined && path.length > 0) {
    const above = path.slice(0, -1);
    add(fault('TDM-1102', `\`${path.at(-1)}\` is missing.`), source.valueAt(above), above);
    return;
  }
  const offset = source.valueAt(path);
  switch (issue.code) {
    case 'custom':
      add(issue.params?.fault as Fault, offset);
      return;
    case 'invalid_value': {
      if (typeof value !== 'string') break;
      const words = issue.values.map(String);
      const near = nearest(value, words);
      const choice = `It takes ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`;
      add(
        fault('TDM-1108', `there is no \`${value}\` here.`, near ? `Did you mean \`${near}\`? ${choice}` : choice),
        offset,
      );
      return;
    }
    case 'too_small':
      add(fault('TDM-1110', 'the list is empty.'), offset);
      return;
    default:
  }
  const shape = Array.isArray(value) ? 'a list' : isMap(value) ? 'a map of keys' : 'a single value';
  const expected = issue.code === 'invalid_type' ? issue.expected : 'string';
  const [wanted, cure] =
    expected === 'array'
      ? ['a list', 'Write each entry on a line of its own, beginning with "- ".']
      : expected === 'object' || expected === 'record'
        ? ['a map of keys', 'Write its keys below it, indented, each as "key: value".']
        : ['a single value', undefined];
  add(fault('TDM-1103', `this is ${shape}, and should be ${wanted}.`, cure), offset);
}

/** The schemas below one, by key; unwraps defaults, lists and short forms. */
function keysOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return def.shape;
    case 'array':
      return keysOf(def.element);
    case 'optional':
    case 'prefault':
      return keysOf(def.innerType);
    case 'pipe':
      return keysOf(def.out);
    default:
      return {};
  }
}

function unknownKey(key: string, path: Path, root: z.core.$ZodType): Fault {
  let schema: z.core.$ZodType | undefined = root;
  for (const step of path) if (typeof step === 'string' && schema) schema = keysOf(schema)[step];
  const known = Object.keys(schema ? keysOf(schema) : {});
  const message = `there is no key \`${key}\` here.`;
  const near = nearest(key, known);
  const elsewhere = homes(root, key);
  const cures = [
    ...(near ? [`Did you mean \`${near}\`?`] : []),
    ...(elsewhere.length > 0 ? [`\`${key}\` belongs in ${elsewhere.join(', or ')}.`] : []),
  ];
  return fault('TDM-1101', message, cures.length > 0 ? cures.join(' ') : `Known here: ${known.join(', ')}.`);
}

/** By schema and key: where keys are known. Found once, since a file of many wrong keys asks for each. */
const allHomes = new WeakMap<z.core.$ZodType, ReadonlyMap<string, readonly string[]>>();

/** Where a key of this name is known. */
function homes(root: z.core.$ZodType, key: string): readonly string[] {
  let known = allHomes.get(root);
  if (!known) {
    const found = new Map<string, string[]>();
    collectHomes(root, [], found);
    known = found;
    allHomes.set(root, known);
  }
  return known.get(key) ?? [];
}

function collectHomes(schema: z.core.$ZodType, path: readonly string[], found: Map<string, string[]>): void {
  for (const [name, inner] of Object.entries(keysOf(schema))) {
    // Any key of a trunk.
    if (name === 'trunk-defaults') continue;
    const place = path.length === 0 ? 'the top level of the file' : path.join('.');
    const places = found.get(name);
    if (places) places.push(place);
    else found.set(name, [place]);
    collectHomes(inner, [...path, name], found);
  }
}
