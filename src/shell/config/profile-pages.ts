import { z } from 'zod';
import { checkedFeatures } from '#engine/ports';
import type { JsonSchema } from './json-schema.ts';
import { cell, typeOf } from './pages.ts';
import { profileOf, shippedProfiles } from './profile.ts';
import { profileSchema } from './schema-profile.ts';

/** docs/profiles.md. */
export function profileManual(): string {
  const schema = z.toJSONSchema(profileSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const own = (schema.properties as Record<string, JsonSchema>).tandem!;
  const { tandem: _, ...standard } = schema.properties as Record<string, JsonSchema>;
  const table = (rows: readonly string[]) => `| Field | Type | Held to | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  const shipped = shippedProfiles().map((name) => `| \`${name}\` | ${cell(profileOf(name)?.tandem?.title ?? '')} |`);
  return [
    introduction,
    `## Those that come with it\n\n| Name | |\n|---|---|\n${shipped.join('\n')}\n`,
    `## Fields of RFC 10006\n\n${table(rowsOf(standard, ''))}`,
    `## Fields of ours\n\nUnder \`tandem\`. \`required\`: a trunk has to; \`unsupported\`: it must not; \`optional\`: as one likes.\n\n${table(rowsOf(own.properties as Record<string, JsonSchema>, 'tandem.'))}`,
    importing,
    sheet,
  ].join('\n');
}

function rowsOf(properties: Readonly<Record<string, JsonSchema>>, before: string): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = before + key;
    const held = checkedFeatures.includes(path) ? 'yes' : '';
    const row = `| \`${path}\` | ${typeOf(schema)} | ${held} | ${cell(String(schema.description))} |`;
    const inner = schema.type === 'array' ? (schema.items as JsonSchema) : schema;
    return inner.properties ? [row, ...rowsOf(inner.properties as Record<string, JsonSchema>, `${path}.`)] : [row];
  });
}

const introduction = `# Profiles, import and data sheet

What a provider or PBX can do and wants, as data. A trunk that names a profile is held to it:

\`\`\`yaml
trunks:
  - name: teams
    kind: itsp
    transport: udp
    addresses: sip.pstnhub.microsoft.com
    profile: teams-direct-routing
\`\`\`

\`tandem check\` then tells every field that the trunk goes against, by name
([TDM-1226](errors/TDM-1226.md)):

\`\`\`
tandem.yaml:7:16: TDM-1226 trunk "teams", transport: against teams-direct-routing, transport-info.transport: the peer takes tls, not udp.
  Say \`transport: tls\`.
\`\`\`

\`profile\` takes the name of a profile in the folder \`profiles\`, or the path of a file of your own: take a copy and correct it. A file is YAML
or JSON, also as a capability server gives it. What a profile does not say forbids nothing. The fields are those of the YANG module
\`ietf-sip-auto-peering\` (RFC 10006 7.2), below its container; what that has no word for stands under \`tandem\`. *Held to* marks the fields
that a trunk can go against; the others tell people, on the data sheet. \`tandem.manipulation\` is more than that: its rules change the
messages of each trunk that names the profile ([manipulation.md](manipulation.md)).
`;

const importing = `## Import

\`tandem trunk import URL\` makes a trunk from a provider's capability set document:

1. **Discovery.** Where URL is a domain (\`https://ssp.example\`), WebFinger (RFC 7033) is asked for the link \`sip-trunking-capability\` (RFC 9409). A URL
   with a path is that of the document itself.
2. **Token.** With \`--client-id\` and \`--client-secret-file\`: the end point from the metadata of the authorization server (RFC 8414), then
   OAuth 2.0 client credentials (RFC 6749 4.4). The authorization server is that of \`--issuer\`, else of WebFinger's link, else the host of the
   document. For other grants, \`--token-file\` takes a token that is there already.
3. **Document.** GET with the token and \`?trunkid=\`; JSON (RFC 7951), or XML from servers of before the RFC. What a vendor added is left out, and told.
4. **Trunk and profile.** The trunk goes to standard output, or with \`--into\` into a configuration, whose comments stay; beside it goes
   \`NAME.profile.yaml\`, and where the document has them \`NAME.certificates.pem\` and \`NAME.password\`. What the document leaves open, such as the
   connection type, stands as a comment above the trunk. What is there is replaced only with \`--force\`.

Each step that fails says what was asked, what came, and what to do. Only https is spoken, from TLS 1.2 on; a redirect to another host is
followed only when \`--allow-host\` names it; answers are bounded in size and time; XML with a document type is refused unread.

The safest transport that the provider takes is chosen: RFC 10006 has no word for TLS among the transports, and tells it by
\`security.signaling.secure\`. A password that is hashed in the document answers no challenge: give it by a variable or a file.
`;

const sheet = `## Data sheet

\`tandem trunk sheet NAME FILE\` prints what the two sides have to know of each other before the first call: what the provider has to say (for each
gateway address and name, certificates, account, codecs) and what it has to be told (by type of connection: public address, VPN, our names;
listeners and ports, certificate, media, marks, numbers, OPTIONS). It is filled from the configuration and the trunk's profile; what they do not
know is *to be agreed*. \`-o\` has \`markdown\` too, and \`--file\` writes it into a file. No password is on it.
`;
