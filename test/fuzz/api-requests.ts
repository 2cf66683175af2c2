import fc from 'fast-check';

/** Requests as no client of ours sends them, made of what the description of the API says that a route takes. */

// biome-ignore lint/suspicious/noExplicitAny: JSON Schema as it comes.
type Schema = any;

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
  readonly 'x-right': string;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | undefined;
}

export function operationsOf({ paths }: Description): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** What breaks texts: their ends, their encoding, what somebody takes them for. */
const text = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '0',
      '-1',
      '1e999',
      'NaN',
      'null',
      'true',
      '*',
      '%',
      '%00',
      '\u0000',
      '\ud800',
      '\u202e',
      'İ',
      '👩‍👩‍👧',
    ],
    ...[
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '../../etc/passwd',
      '..\\',
      '$ref',
      '{{x}}',
    ],
    ...["'; DROP TABLE calls; --", '%_%', '\\', '"', '<script>', 'a,b', '\r\nSet-Cookie: x=1', 'local', 'ANNA'],
    ...['x'.repeat(5_000), '*a'.repeat(50), '('.repeat(300), '9'.repeat(400)],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);
/** What there is in the house: beyond a name that is not known nothing is tried. */
const known = fc.constantFrom(
  ...[
    'c1',
    'c2',
    'e1',
    'e2',
    'e3',
    'e4',
    'e5',
    'c3',
    'itsp',
    'berlin-gw',
    'pbx',
    'berlin',
    'anna',
    'out',
    '1',
    '2',
    'draft',
    'trunks',
  ],
  ...['-started', 'caller', 'busy', 'signalling', '+4930', '*30*', '198.51.100.7', 'call.ended', 'e1-1', 'calls,trunk'],
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 70 }),
  fc.constantFrom(-0, 0.5, 1e3, 2 ** 31, -(2 ** 31), 2 ** 53, -(2 ** 53), 1e20, 1e308, 5e-324),
  fc.double({ noNaN: true }),
);
const deep = fc
  .integer({ min: 1, max: 80 })
  .map((depth) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 'x'));
const key = fc.oneof(text, known, fc.constantFrom('path', 'value', 'name'));
const junk: fc.Arbitrary<unknown> = fc.oneof(
  text,
  known,
  number,
  fc.constantFrom(null, true, false),
  deep,
  fc.constant(Array.from({ length: 3_000 }, () => 'x')),
  fc.dictionary(key, fc.oneof(text, number), { maxKeys: 3 }),
  fc.array(fc.oneof(text, number), { maxLength: 3 }),
);

/** Mostly what a schema takes, here and there something else. */
function something(schema: Schema, schemas: Description['components']['schemas'], depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fitting(schema, schemas, depth) }, { weight: 1, arbitrary: junk });
}

function fitting(schema: Schema, schemas: Description['components']['schemas'], depth: number): fc.Arbitrary<unknown> {
  const inner = (of: Schema) => something(of, schemas, depth + 1);
  if (typeof schema !== 'object' || depth > 6) return junk;
  if (schema.$ref) return inner(schemas[schema.$ref.split('/').at(-1)!]);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  switch (schema.type) {
    case 'object': {
      const { properties = {}, required = [], additionalProperties: rest } = schema;
      const own = Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, inner(of)]));
      const more = typeof rest === 'object' ? inner(rest) : junk;
      const extra = fc.dictionary(key, more, { maxKeys: rest === false ? 0 : 2 });
      // Now and then what has to be there is not.
      const requiredKeys = fc.oneof(
        { weight: 9, arbitrary: fc.constant(required) },
        { weight: 1, arbitrary: fc.constant([]) },
      );
      return requiredKeys.chain((names) =>
        fc.tuple(fc.record(own, { requiredKeys: names }), extra).map(([record, others]) => ({ ...others, ...record })),
      );
    }
    case 'array': {
      const most = Math.min(schema.maxItems ?? 4, 4);
      return fc.array(inner(schema.items ?? true), {
        minLength: Math.min(schema.minItems ?? 0, most),
        maxLength: most,
      });
    }
    case 'integer':
    case 'number':
      return fc.oneof(
        fc.integer({ min: Math.max(schema.minimum ?? -5, -1e6), max: Math.min(schema.maximum ?? 100, 1e6) }),
        fc.constantFrom(...[schema.minimum, schema.maximum, 1].filter((one) => typeof one === 'number')),
        number,
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      if (schema.format === 'date-time')
        return fc.oneof(
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
          fc.constantFrom(
            '2026-11-23T12:00:00Z',
            '2026-11-23T13:00:00+01:00',
            '0000-01-01T00:00:00Z',
            '9999-12-31T23:59:59Z',
          ),
        );
      if (schema.pattern) return fc.oneof(fc.stringMatching(new RegExp(schema.pattern)), known);
      return fc.oneof(known, text);
    default:
      return junk;
  }
}

/** As text: JSON, or what only looks like it. */
function written(body: fc.Arbitrary<unknown>, sound: string): fc.Arbitrary<string | undefined> {
  const json = body.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 16, arbitrary: json },
    // A configuration, whole or not, where a text is wanted.
    { weight: 2, arbitrary: fc.nat(sound.length).map((at) => JSON.stringify({ text: sound.slice(0, at) })) },
    { weight: 1, arbitrary: fc.constant(JSON.stringify({ text: sound })) },
    { weight: 1, arbitrary: fc.tuple(json, fc.nat(40)).map(([all, at]) => all?.slice(0, at)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...[
          '',
          '\ufeff{}',
          '{"a":1}{',
          '{"__proto__":{"polluted":1}}',
          '{"a":{"constructor":{"prototype":{"polluted":1}}}}',
        ],
        ...['{"name":1e999}', '"\\ud800"', `${'['.repeat(5_000)}`, `{"x":${'[{"a":'.repeat(2_000)}`, '01', 'NaN'],
      ),
    },
  );
}

const name = (names: readonly string[]) => fc.constantFrom(...names);
/** Of bytes that a client may send: others it refuses itself. */
const field = fc.oneof(
  known,
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 30 }),
  fc.constantFrom('*', '""', '"1"', 'W/"1"', ',,,', 'x'.repeat(3_000), 'null', '0', 'é'),
);
const headers = fc.dictionary(
  name([
    ...[
      'if-match',
      'if-none-match',
      'idempotency-key',
      'last-event-id',
      'accept',
      'accept-encoding',
      'cookie',
      'range',
    ],
    ...['origin', 'sec-fetch-site', 'host', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'user-agent'],
    ...['tandem-background', 'content-type', 'x-http-method-override', 'expect'],
  ]),
  field,
  { maxKeys: 3 },
);

export function requestsTo(
  { path, parameters = [], requestBody, method }: Operation,
  schemas: Description['components']['schemas'],
  sound: string,
): fc.Arbitrary<Request> {
  const as = (where: string) => parameters.filter((one) => one.in === where);
  const asText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  const inPath = fc.record(
    Object.fromEntries(as('path').map((one) => [one.name, fc.oneof(known, known, something(one.schema, schemas))])),
  );
  const inQuery = fc.record(Object.fromEntries(as('query').map((one) => [one.name, something(one.schema, schemas)])), {
    requiredKeys: [],
  });
  const more = fc.dictionary(key, text, { maxKeys: 1 });
  const schema = requestBody?.content['application/json'].schema;
  const payload = schema ? written(something(schema, schemas), sound) : fc.constant(undefined);
  return (
    fc
      .tuple(inPath, inQuery, more, headers, payload, fc.boolean())
      // An empty name is no name: its list is asked.
      .map(([places, query, others, fields, body, isSeen]) => {
        const filled = path.replaceAll(/\{(\w+)\}/g, (_all, part) => encoded(asText(places[part])) || '_');
        const asked = Object.entries({ ...others, ...query }).flatMap(([part, value]) =>
          // A parameter twice.
          (Array.isArray(value) ? value.slice(0, 3) : [value]).map((one) => `${encoded(part)}=${encoded(asText(one))}`),
        );
        return {
          url: `${filled}${asked.length > 0 ? `?${asked.join('&').slice(0, 8_000)}` : ''}`,
          headers: {
            ...(body !== undefined && { 'content-type': 'application/json' }),
            // Otherwise nothing that stands would ever be changed.
            ...(isSeen && method !== 'POST' && { 'if-match': '*' }),
            ...fields,
          },
          payload: method === 'GET' ? undefined : body,
        };
      })
  );
}

function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
