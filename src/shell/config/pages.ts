import { type Code, codes } from './errors.ts';
import { type JsonSchema, rawSchema } from './json-schema.ts';

/** What is generated for readers: a page for each problem, and the manual of the keys. */

/** A problem for the terminal. */
export function errorText(code: Code): string {
  const { severity, title, cause, cure } = codes[code];
  const example = 'example' in codes[code] ? codes[code].example : undefined;
  const indent = (text: string) => text.replace(/^(?=.)/gm, '    ');
  return [
    `${code} (${severity}): ${title}\n`,
    `${cause}\n`,
    `${cure}\n`,
    ...(example ? [`Wrong:\n\n${indent(example.wrong)}`, `Right:\n\n${indent(example.right)}`] : []),
  ].join('\n');
}

/** docs/errors/TDM-1104.md. */
export function errorPage(code: Code): string {
  const { severity, title, cause, cure } = codes[code];
  const example = 'example' in codes[code] ? codes[code].example : undefined;
  const block = (text: string) => `\`\`\`yaml\n${text}\`\`\`\n`;
  return [
    `# ${code}: ${title}\n`,
    severity === 'warning' ? 'A warning: the file can be used.\n' : 'An error: the file cannot be used.\n',
    `**Cause.** ${cause}\n`,
    `**Cure.** ${cure}\n`,
    ...(example ? [`Wrong:\n\n${block(example.wrong)}`, `Right:\n\n${block(example.right)}`] : []),
  ].join('\n');
}

/** docs/errors/README.md. */
export function errorIndex(): string {
  const rows = Object.entries(codes).map(
    ([code, { severity, title }]) => `| [${code}](${code}.md) | ${severity} | ${title} |`,
  );
  return `# Problems of a configuration

\`tandem check FILE\` tells all of them at once: file, line, column, code, place, what is wrong, and the cure.
\`tandem explain CODE\` prints a page of this folder.

| Code | | |
|---|---|---|
${rows.join('\n')}
`;
}

const kinds: readonly (readonly [kind: string, text: string])[] = [
  [
    'disabled',
    '`true`, `false`, or until when: `until 2026-03-02T09:00+01:00`; from then on it serves again by itself.',
  ],
  [
    'address',
    '`192.0.2.10:5060`, `192.0.2.10` (the usual port), `"[2001:db8::10]:5060"`, `"[2001:db8::10]"`. An IP literal.',
  ],
  [
    'address or name',
    'An address, or a name: `sip.itsp.example`, which NAPTR, SRV and address records are looked up for (RFC 3263), or `sip.itsp.example:5060`, which stands for its address records and this port.',
  ],
  ['domain', 'A name or an IP address, without a port.'],
  ['host name', '`sip.itsp.example`.'],
  ['SIP URI', '`sip:vq@192.0.2.20`, `sip:vq@collector.example:5070;transport=tcp`.'],
  ['network', '`198.51.100.0/24`, `2001:db8::/32`, or a single address.'],
  ['IP address', '`192.0.2.10` or `2001:db8::10`, without a port.'],
  ['duration', 'A number and its unit, `ms`, `s`, `m` or `h`: `500ms`, `10s`, `1.5s`, `3m`, `1h`.'],
  ['name', 'Letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit.'],
  ['number', 'A whole number.'],
  ['port range', '`20000-40000`, both ends included.'],
  ['prefix', 'How a called number begins: `"+"`, `"+49"`, `"00"`. Compared with the number as it was received.'],
  [
    'pattern',
    "A regular expression over the whole called number, made of characters, `.`, `\\d`, classes such as `[2-9]` and groups such as `(030|040)`, which are not repeated; `?`, `*`, `+`, `{n}`, `{n,m}` may follow a single item, two of them with open length. Special characters take a backslash: `'\\+49[0-9]{6,13}'`.",
  ],
  ['statuses', '`486`, or `500-599`, both ends included.'],
  [
    'code point',
    'Differentiated services (RFC 2474): 0 to 63, or `DF`, `LE`, `VA`, `EF`, `CS0` to `CS7`, `AF11` to `AF43`.',
  ],
  [
    'codec',
    'A name as in rtpmap, in any case: `PCMA`, `PCMU`, `G722`, `G729`, `opus`, `telephone-event`, `CN`; `all` for whatever is offered.',
  ],
  [
    'part of a message',
    '`Diversion`, `From.user`, `request-uri.host`, `Contact.param.expires`: a header field or a part of one ([manipulation.md](manipulation.md)).',
  ],
  [
    'regular expression',
    'As programs know it, without look-around and back-references; it may match anywhere, so write `^` and `$` where it should not.',
  ],
  [
    'value',
    'Text on one line, with `$1` for what a group matched and `{caller}` and the like for what is known ([manipulation.md](manipulation.md)).',
  ],
  ['method', 'A method of SIP: `INVITE`, `REGISTER`.'],
  ['statuses of any kind', '`183`, `18x`, `4xx`, or `500-599`, both ends included.'],
  ['media type', '`audio`, `video`, `image` and so on, and `session` for what stands before the first of them.'],
  ['bandwidth', 'A number and its unit, one way: `2000 kbit/s`, `2 Mbit/s`; `0` for none.'],
  ['size', 'A number and its unit, `MB`, `GB` or `TB`: `500MB`, `1GB`.'],
  ['account', 'Its name as `tandem account list` has it; `ann/desk` for a token of it.'],
  ['number or beginning', 'A phone number, an extension or a user, or how it begins: `"+493012345"`, `"+49*"`.'],
  ['country', 'Two letters (ISO 3166): `US`, `DE`.'],
  ['phone number', 'E.164: `"+4930123450"`.'],
  ['line', 'A phone number, and an extension where many share it: `"+4930123450;ext=17"`.'],
  ['digits', 'What is dialled: digits, `*`, `#`, and `+` at the beginning.'],
  ['number or user', 'A phone number, an extension, or the name of a user.'],
  [
    'rewriting',
    'What is written in place of a number that a pattern took: characters of numbers, and `$1` to `$9` for what its groups, in parentheses, held: `+1425555$1`.',
  ],
  ['length', '`11`, `at least 11`, or `any`; a `+` counts.'],
  ['price', '`0.012`, without a currency.'],
  ['share', 'Percent: `1%`, `0.5%`.'],
  ['days', '`mon`, `mon-fri`, `sat-sun`.'],
  ['time', '`08:00`, up to `24:00`.'],
  ['time zone', 'A name of the IANA time zone database: `Europe/Berlin`, `UTC`.'],
  ['date and time', '`2026-03-02T09:00+01:00`, with its offset.'],
  ['web host', '`lis.example.com`, `lis.example.com:8443`.'],
  ['device', '`00:1b:21:3c:4d:5e`, or the instance that it registers with: `urn:uuid:…`.'],
  ['SIP address', '`sip:desk@example.com`.'],
  ['service', 'A service of RFC 5031, without `urn:service:`: `sos.police`.'],
  ['mail address', '`desk@example.com`.'],
  ['URL', '`https://alarm.example.com/calls`.'],
  ['user', 'What stands before the @ of a SIP address: `"+4930123450"`, `account-17`.'],
  ['secret', 'A password of one line.'],
  ['true or false', '`true` or `false`.'],
  ['file', 'A file; relative to the directory that tandem is started in.'],
  ['path', 'A directory; relative to the one that tandem is started in.'],
  ['text', 'Printable text on one line: ASCII, but for names that people read.'],
];

/** docs/configuration.md. */
export function manual(): string {
  const root = rawSchema();
  const definitions = root.$defs as Record<string, JsonSchema>;
  const sections = Object.entries(root.properties as Record<string, JsonSchema>).map(([key, schema]) => {
    const reference = (schema.$ref ?? (schema.items as JsonSchema | undefined)?.$ref) as string | undefined;
    const inner = reference ? definitions[reference.slice('#/$defs/'.length)]! : schema;
    const list = schema.type === 'array' ? `A list; each entry has these keys.` : '';
    const required = (root.required as string[]).includes(key) ? 'Required.' : '';
    const words = [schema.description ?? inner.description, inner['x-words'], required, list].filter(Boolean).join(' ');
    const rows = inner.properties && !inner['x-words'] ? keyRows(inner, '') : [keyRow(key, schema, false)];
    return `## \`${key}\`\n\n${words}\n\n| Key | Type | Default | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${introduction}\n${sections.join('\n')}\n## Types\n\n| Type | How it is written |\n|---|---|\n${kinds
    .map(([kind, text]) => `| ${kind} | ${cell(text)} |`)
    .join('\n')}\n`;
}

function keyRows(schema: JsonSchema, before: string): string[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries(schema.properties as Record<string, JsonSchema>).flatMap(([key, inner]) => {
    const rows = [keyRow(before + key, inner, required.includes(key))];
    const entry = inner.type === 'array' ? (inner.items as JsonSchema) : inner;
    return entry.properties && !entry['x-words'] ? [...rows, ...keyRows(entry, `${before}${key}.`)] : rows;
  });
}

function keyRow(key: string, schema: JsonSchema, required: boolean): string {
  const value = schema.default;
  const plain = value === undefined || JSON.stringify(value) === '{}';
  const written = Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
  const preset = plain ? (required ? 'required' : '') : `\`${written}\``;
  return `| \`${key}\` | ${typeOf(schema)} | ${preset} | ${cell(String(schema.description))} |`;
}

export function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return 'map';
  if (schema.enum) return (schema.enum as string[]).map((word) => `\`${word}\``).join(', ');
  if (schema.type === 'array')
    return `${typeOf(schema.items as JsonSchema)}; ${schema['x-single'] ? 'one or a list' : 'a list'}`;
  const range = schema['x-range'] ? `, ${schema['x-range']}` : '';
  if (schema.type === 'object') {
    const short = (schema.properties as Record<string, JsonSchema>)[String(schema['x-short'])];
    return short ? `${typeOf(short)}, or a map` : 'map';
  }
  return `${schema.title}${range}`;
}

export function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const introduction = `# Configuration

One YAML file. \`tandem check FILE\` says everything that is wrong with it at once, or what it means;
\`tandem schema > tandem.schema.json\` writes a JSON Schema, with which an editor completes and checks the keys: begin the file with

\`\`\`yaml
# yaml-language-server: $schema=tandem.schema.json
\`\`\`

A small file that is complete:

\`\`\`yaml
listeners:
  - name: all
    bind: 192.0.2.5
trunks:
  - name: pbx
    kind: ip-pbx
    addresses: 192.0.2.20
  - name: itsp
    kind: itsp
    addresses: 203.0.113.10
routes:
  - name: outbound
    from: pbx
    to: itsp
  - name: inbound
    from: itsp
    to: pbx
\`\`\`

More in [examples](../examples). Unknown keys are errors. Every value is read as it is written: \`+49\` and \`00\` stay what they are,
quoted or not.

**Environment variables.** \`\${NAME}\` anywhere in a value takes an environment variable; where it is not set, that is an error.
\`\${NAME:-default}\` takes the default when it is not set or empty; with an empty default, \`\${NAME:-}\`, the key then counts as not
written. A value never becomes YAML structure, and is not searched for variables again. \`$\${\` stands for \`\${\`.

**Secrets.** A password comes from a variable or from a file of its own. It is shown nowhere: not in problems, logs or status, and not in
the list of processes. Private keys stay in their files.
`;
