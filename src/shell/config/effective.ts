import { inherit } from './inherit.ts';
import { type JsonSchema, rawSchema } from './json-schema.ts';
import type { Path } from './problems.ts';
import { readSource } from './source.ts';
import { readTree, type TextTree } from './text-tree.ts';
import type { Environment } from './variables.ts';

/** What holds of one setting, and who said it. */
export interface Effective {
  /** Below the object: `srtp mode`. */
  readonly path: readonly string[];
  /** As the file would have it; `(secret)` for what is shown nowhere. Absent: a variable that is not set. */
  readonly value?: string;
  /** `file`: it stands with the object. Else the place that it takes it from: `site berlin`, `trunk-defaults`. */
  readonly from: 'file' | 'default' | (string & {});
  /** Of the file, from 1; absent of a default. */
  readonly line?: number;
  /** What stands there, where variables are in it: `${CALLS:-30}`. */
  readonly written?: string;
}

const secret = '(secret)';
const digits = /^\d{1,6}$/;

/**
 * Each setting with its origin: of an object, of a section (`name` undefined; objects of a list by their names, or places where they have none), or of all (`section` undefined too; by
 * section). Undefined: the file has no such thing, or is no sound YAML. It need not be sound otherwise.
 */
export function effective(
  text: string,
  section: string | undefined,
  name: string | undefined,
  env: Environment,
): readonly Effective[] | undefined {
  const source = readSource(text, '', env);
  const written = readTree(text).tree;
  const { tree } = source;
  if (!isMap(tree) || written === undefined) return undefined;
  const of: Source = { source, written, tree, originOf: inherit(tree).originOf };
  if (section === undefined)
    return Object.keys(tree).flatMap((one) => below([one], settingsOf(of, [one], tree[one], schemaOf(one))));
  const value = tree[section];
  if (name !== undefined) {
    // Users may have a list beside their file.
    const [list, at, schema] = isMap(value)
      ? [value.list, [section, 'list'], resolved(itemsOf(schemaOf(section)?.properties, 'list'))]
      : [value, [section], schemaOf(section)];
    const index = indexOf(list, name);
    const object = index < 0 ? undefined : (list as unknown[])[index];
    return isMap(object) ? settingsOf(of, [...at, index], object, schema) : undefined;
  }
  return value === undefined ? undefined : settingsOf(of, [section], value, schemaOf(section));
}

interface Source {
  readonly source: ReturnType<typeof readSource>;
  readonly written: TextTree;
  readonly tree: Record<string, unknown>;
  readonly originOf: ReturnType<typeof inherit>['originOf'];
}

function below(path: readonly string[], settings: readonly Effective[]): Effective[] {
  return settings.map((one) => ({ ...one, path: [...path, ...one.path] }));
}

/** Of what stands at a path; of a list of named objects each one's. */
function settingsOf(of: Source, at: Path, object: unknown, schema: JsonSchema | undefined): readonly Effective[] {
  const { source, written, tree, originOf } = of;
  if (Array.isArray(object) && object.every(isMap))
    return object.flatMap((one, index) =>
      below([typeof one.name === 'string' ? one.name : String(index)], settingsOf(of, [...at, index], one, schema)),
    );
  const found: Effective[] = [];

  const said = (path: Path, value: unknown, schema: JsonSchema | undefined) => {
    const whole = [...at, ...path];
    const place = originOf(whole);
    const line = place === undefined ? source.lineOf(whole) : lineIn(place, path);
    const stands = textAt(written, place === undefined ? whole : []);
    const isSecret = schema?.title === 'secret' || path.includes('password') || path.includes('client-secret');
    found.push({
      path: path.map(String),
      ...(typeof value !== 'symbol' && { value: isSecret ? secret : textOf(value) }),
      from: place ?? 'file',
      ...(line !== undefined && { line }),
      ...(stands?.includes('${') && !isSecret && { written: stands }),
    });
  };
  const lineIn = (place: string, path: Path): number | undefined => {
    if (place === 'trunk-defaults') return source.lineOf(['trunk-defaults', ...path]);
    const site = indexOf(tree.sites, place.slice('site '.length));
    return source.lineOf(['sites', site, 'trunk-defaults', ...path]);
  };
  const walk = (value: unknown, schema: JsonSchema | undefined, path: Path) => {
    if (isMap(value)) {
      const known = (schema?.properties ?? {}) as Record<string, JsonSchema>;
      for (const [key, inner] of Object.entries(value)) walk(inner, resolved(known[key]), [...path, key]);
      for (const [key, inner] of Object.entries(known)) if (!(key in value)) usual(resolved(inner), [...path, key]);
    } else if (value !== undefined) said(path, value, schema);
  };
  const usual = (schema: JsonSchema | undefined, path: Path) => {
    if (schema?.default === undefined) return;
    const { default: value } = schema;
    if (!isMap(value)) found.push({ path: path.map(String), value: textOf(value), from: 'default' });
    else
      for (const [key, inner] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>))
        usual(resolved(inner), [...path, key]);
  };
  walk(object, schema, []);
  return found;
}

let known: JsonSchema | undefined;

/** What `$ref` stands for. */
function resolved(schema: JsonSchema | undefined): JsonSchema | undefined {
  known ??= rawSchema();
  if (typeof schema?.$ref !== 'string') return schema;
  return (known.$defs as Record<string, JsonSchema>)[schema.$ref.split('/').at(-1)!];
}

/** Of an object of a section that is a list, else of the section. */
function schemaOf(section: string): JsonSchema | undefined {
  known ??= rawSchema();
  const schema = resolved((known.properties as Record<string, JsonSchema>)[section]);
  return schema?.type === 'array' ? resolved(schema.items as JsonSchema) : schema;
}

function itemsOf(properties: unknown, key: string): JsonSchema | undefined {
  const list = isMap(properties) ? resolved(properties[key] as JsonSchema) : undefined;
  return list?.items as JsonSchema | undefined;
}

/** By its name; what has none (a link) by its place. */
function indexOf(list: unknown, name: string): number {
  if (!Array.isArray(list)) return -1;
  const named = list.findIndex((one) => isMap(one) && one.name === name);
  const place = named < 0 && digits.test(name) ? Number(name) : named;
  return named >= 0 || (isMap(list[place]) && list[place].name === undefined) ? place : -1;
}

function textAt(tree: TextTree, path: Path): string | undefined {
  let value: unknown = tree;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return typeof value === 'string' ? value : undefined;
}

/** In one line. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (!isMap(value)) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${/password|secret/.test(key) ? secret : textOf(inner)}`)
    .join(', ');
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
