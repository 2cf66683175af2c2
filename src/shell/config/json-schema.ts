// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { z } from 'zod';
import { documentSchema } from './schema.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = { [key: string]: unknown };

/** As zod gives it, with our own marks (`x-single`, `x-short`, `x-range`): what the manual is written from. */
export function rawSchema(): JsonSchema {
  return z.toJSONSchema(documentSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

const variableUse: JsonSchema = { $ref: '#/$defs/variable' };
const variable: JsonSchema = {
  title: 'variable',
  description: 'Takes an environment variable: ${NAME} or ${NAME:-default}.',
  type: 'string',
  pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}',
};

/** The JSON Schema of a configuration file, for completion and checking in an editor. */
export function jsonSchema(): JsonSchema {
  const schema = forEditor(rawSchema()) as JsonSchema;
  return { ...schema, $defs: { ...(schema.$defs as JsonSchema), variable } };
}

/** What says which values pass; the rest is words. */
const shape = new Set([
  ...['$ref', 'type', 'enum', 'minimum', 'maximum', 'items', 'minItems'],
  ...['properties', 'required', 'additionalProperties'],
]);

/** Kinds whose texts YAML may take for numbers. */
const mayLookLikeNumber = new Set([
  ...['prefix', 'name', 'user', 'text', 'secret', 'statuses', 'code point', 'price', 'share', 'bandwidth'],
  ...['pattern', 'rewriting', 'length', 'digits', 'phone number', 'line', 'number or user'],
]);

/** What YAML makes of a word, where that is no text: `1.2` is a number, and `off` no word to older editors. */
function otherReadings(word: string): unknown[] {
  if (word === 'on' || word === 'off') return [word === 'on'];
  return /^[\d.]+$/.test(word) ? [Number(word)] : [];
}

/**
 * What an editor's checker must let pass as well: variables where a number or a word is wanted, one value for a list of one, short
 * forms, and texts that look like numbers to YAML (`+49`), since we read them as they are written.
 */
function forEditor(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forEditor);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: JsonSchema = {};
  for (const [key, value] of Object.entries(schema)) {
    // `default: {}` only says that the key may be left out.
    if (key.startsWith('x-') || (key === 'default' && JSON.stringify(value) === '{}')) continue;
    const named = key === 'properties' || key === '$defs';
    out[key] = named ? mapValues(value as JsonSchema, forEditor) : forEditor(value);
  }
  const marks = schema as JsonSchema;
  // Defaults are parts of trunks: what they lack may be there.
  if (marks['x-words']) return withoutRequired(out);
  if (mayLookLikeNumber.has(String(marks.title))) out.type = ['string', 'number'];
  if (Array.isArray(marks.enum)) out.enum = marks.enum.flatMap((word) => [word, ...otherReadings(String(word))]);
  if (marks.enum) delete out.type;
  if (marks.enum || marks.type === 'integer' || marks.type === 'boolean') return either(out, variableUse);
  if (marks['x-single']) return either(out, out.items as JsonSchema);
  if (marks['x-short'])
    return either(out, (out.properties as Record<string, JsonSchema>)[String(marks['x-short'])] as JsonSchema);
  return out;
}

function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (typeof schema !== 'object' || schema === null) return schema;
  const rest = Object.entries(schema).filter(([key, value]) => key !== 'required' || !Array.isArray(value));
  return Object.fromEntries(rest.map(([key, value]) => [key, withoutRequired(value)]));
}

/** The schema or another; what describes it stays outside, where editors look for it. */
function either(schema: JsonSchema, other: JsonSchema): JsonSchema {
  const part = (is: boolean) => Object.fromEntries(Object.entries(schema).filter(([key]) => shape.has(key) === is));
  return { ...part(false), anyOf: [part(true), other] };
}

function mapValues(map: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
