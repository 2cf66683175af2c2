import { isTree, type Tree, type Value } from './edits.ts';

/** A part of the JSON Schema with our marks (`GET /configuration/form-schema`). */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  /** The kind of a text: `duration`, `secret`. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** A list that may be written as one value. */
  readonly 'x-single'?: boolean;
  /** The key that a text in place of the map stands for. */
  readonly 'x-short'?: string;
  /** What is allowed, for people. */
  readonly 'x-range'?: string;
}

export function resolve(schema: Schema | undefined, root: Schema): Schema {
  if (!schema) return {};
  if (schema.$ref === undefined) return schema;
  const { $ref, ...said } = schema;
  return { ...root.$defs?.[$ref.split('/').at(-1)!], ...said };
}

/** Of what is in a section under a name, and whether it is a list. */
export function schemaOf(section: string, root: Schema): { readonly schema: Schema; readonly isList: boolean } {
  const schema = resolve(root.properties?.[section], root);
  const listed = schema.properties?.list ?? schema;
  const isList = listed.type === 'array';
  return { schema: isList ? resolve(listed.items, root) : schema, isList };
}

/** How a value is asked for. */
export type Field = 'choice' | 'switch' | 'number' | 'secret' | 'text' | 'lines' | 'pair' | 'choices' | 'maps' | 'map';

export function fieldOf(schema: Schema): Field {
  if (schema.enum) return 'choice';
  switch (schema.type) {
    case 'boolean':
      return 'switch';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      if (schema.minItems === 2 && schema.maxItems === 2) return 'pair';
      return schema.items?.enum ? 'choices' : schema.items?.type === 'object' || schema.items?.$ref ? 'maps' : 'lines';
    case 'object':
      return 'map';
    default:
      return schema.title === 'secret' ? 'secret' : 'text';
  }
}

/** What stands where nothing does, in words; undefined where that is nothing. */
export function usualText({ default: usual }: Schema): string | undefined {
  if (usual === undefined || (typeof usual === 'object' && !Array.isArray(usual))) return undefined;
  return Array.isArray(usual) ? usual.join(', ') : String(usual);
}

/** A short form as the map that it stands for, so that a form has one shape. */
export function inFull(value: Value | undefined, schema: Schema): Tree {
  const short = schema['x-short'];
  if (isTree(value)) return value;
  return value === undefined || short === undefined ? {} : { [short]: value };
}

/** The other way: what has nothing but its short form is written so. */
export function inShort(map: Tree, schema: Schema): Value {
  const short = schema['x-short'];
  const keys = Object.keys(map);
  return short !== undefined && keys.length === 1 && keys[0] === short ? map[short]! : map;
}

/** A list, where one value may stand for it. */
export function inList(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** A list of one as that one, where that may be. */
export function fromList(list: readonly Value[], schema: Schema): Value | undefined {
  if (list.length === 0) return undefined;
  return schema['x-single'] && list.length === 1 ? list[0]! : list;
}

const word = /^(true|false)$/;
const digits = /^\d{1,15}$/;

/** Texts of a form as the file should have them: numbers and words bare, where the schema has such. */
export function written(value: Value, schema: Schema, root: Schema): unknown {
  const known = resolve(schema, root);
  if (typeof value === 'string') {
    if ((known.type === 'integer' || known.type === 'number') && digits.test(value)) return Number(value);
    if ((known.type === 'boolean' || known.title === 'disabled') && word.test(value)) return value === 'true';
    return value;
  }
  if (isTree(value)) {
    const of = (key: string): Schema =>
      known.properties?.[key] ?? (typeof known.additionalProperties === 'object' ? known.additionalProperties : {});
    const full = known.type === 'array' ? resolve(known.items, root) : known;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, written(inner, full.properties?.[key] ?? of(key), root)]),
    );
  }
  const items = known.items ?? resolve(known.properties?.[known['x-short'] ?? ''], root).items ?? {};
  return value.map((one) => written(one, items, root));
}

/** The schema of what stands at a path below another; of a list, a step is one of what is in it. */
export function below(schema: Schema, path: readonly string[], root: Schema): Schema {
  let found = resolve(schema, root);
  for (const key of path) found = resolve(found.type === 'array' ? found.items : found.properties?.[key], root);
  return found;
}
