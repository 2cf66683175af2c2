import { isJoined } from '#engine/ports';
import { isName } from './addresses.ts';
import { checkCalls } from './check-calls.ts';
import { checkCertificate, checkPasswordFile, readCertificate } from './check-certificates.ts';
import type { Context, PlacedListener, PlacedTrunk } from './check-context.ts';
import { targetsOf } from './check-pairs.ts';
import { checkPasses } from './check-passes.ts';
import { checkPlace } from './check-trunk-place.ts';
import { compileTrunk } from './compile-trunk.ts';
import type { Path } from './problems.ts';

/** What the keys of one trunk must have in common. */
export function checkTrunks(context: Context, listeners: readonly PlacedListener[]): PlacedTrunk[] {
  const placed: PlacedTrunk[] = [];
  for (const [index, entry] of context.draft.trunks.entries()) {
    if (!entry) continue;
    const { mode, 'ringback-tone': tone = 'itu' } = context.draft.media ?? {};
    const anchored = mode !== 'bypass';
    const it = compileTrunk(entry, context.files, anchored, tone);
    const trunk: PlacedTrunk = { path: ['trunks', index], entry, it };
    placed.push(trunk);
    if (trunk.it.addresses.length === 0)
      context.report('TDM-1217', trunk.path, 'neither `addresses`, `domain` nor `next-hop` is given.');
    checkRegistration(trunk, context);
    checkPasswords(trunk, context);
    checkTls(trunk, listeners, context);
    checkEncryption(trunk, context);
    checkResponses(trunk, context);
    checkCalls(trunk, context);
    checkPlace(trunk, context);
  }
  for (const trunk of placed) checkPasses(trunk, placed, context);
  return placed;
}

function checkRegistration({ path, entry, it }: PlacedTrunk, { report }: Context): void {
  const { registration, identity } = entry;
  if (!registration) return;
  const at = [...path, 'registration'];
  if (it.registration?.registrars.length === 0)
    report('TDM-1218', at, 'neither `domain` nor `registrar` says where.', 'Add `domain` to the trunk.');
  if (!identity)
    report('TDM-1218', at, 'no `identity` says who.', 'Add `identity` to the trunk: the account or main number.');
  if (registration.gin && registration['contact-user'] !== undefined)
    report(
      'TDM-1216',
      [...at, 'contact-user'],
      'with `gin` the Contact stands for all numbers, and has no user (RFC 6140 5.2).',
    );
  if (registration.retry.base > registration.retry.most)
    report('TDM-1224', [...at, 'retry', 'most'], 'the longest pause is shorter than the first.');
}

function checkPasswords({ path, entry }: PlacedTrunk, context: Context): void {
  const { credentials = [], authenticate } = entry;
  const realms = new Set<string | undefined>();
  const places: { one: NonNullable<typeof authenticate> | (typeof credentials)[number]; at: Path }[] = [
    ...credentials.map((one, index) => ({ one, at: [...path, 'credentials', index] })),
    ...(authenticate ? [{ one: authenticate, at: [...path, 'authenticate'] }] : []),
  ];
  for (const { one, at } of places) {
    const { password, 'password-file': file } = one;
    if ((password === undefined) === (file === undefined))
      context.report(
        'TDM-1219',
        at,
        password
          ? '`password` and `password-file` are both given.'
          : 'neither `password` nor `password-file` is given.',
      );
    else if (file !== undefined) checkPasswordFile(file, [...at, 'password-file'], context);
    if (one === authenticate) continue;
    if (realms.has(one.realm))
      context.report('TDM-1213', at, one.realm === undefined ? 'two are for any realm.' : `two are for ${one.realm}.`);
    realms.add(one.realm);
  }
}

function checkTls(trunk: PlacedTrunk, listeners: readonly PlacedListener[], context: Context): void {
  const { path, entry, it } = trunk;
  const { report } = context;
  const { tls, 'certificate-names': names } = entry;
  const outward = entry.transport === 'tls' || entry.transport === 'auto';
  if (tls && !outward && !names)
    report('TDM-1216', [...path, 'tls'], `the transport is ${entry.transport}.`, 'Say `transport: tls`.');
  if (names && !listeners.some(({ it: one }) => isJoined(it, one) && (one.tls?.clientCertificate ?? 'none') !== 'none'))
    report(
      'TDM-1216',
      [...path, 'certificate-names'],
      'no tls listener of it asks who connects for a certificate.',
      'Add such a listener, with `client-certificate: requested` or `required`.',
    );
  if (entry.transport === 'auto' && !targetsOf(trunk).some(({ address }) => isName(address.host) && !address.matchPort))
    report(
      'TDM-1216',
      [...path, 'transport'],
      'only a name without a port has NAPTR records to look up.',
      'Say `udp`, `tcp` or `tls`, or give a name without a port.',
    );
  if (tls) checkTlsFiles(tls, [...path, 'tls'], context);
  if (entry.transport !== 'tls' || tls?.names || (entry.domain !== undefined && isName(entry.domain))) return;
  const nameless = targetsOf(trunk).find(({ address }) => !isName(address.host));
  if (nameless)
    report('TDM-1222', nameless.place, `${nameless.address.host} is no name that a certificate could bear.`);
}

function checkTlsFiles(tls: NonNullable<PlacedTrunk['entry']['tls']>, path: Path, context: Context): void {
  const { certificate, key, trust } = tls;
  if (certificate !== undefined && key !== undefined) checkCertificate({ certificate, key }, path, context);
  else if (certificate !== undefined || key !== undefined)
    context.report('TDM-1223', path, `\`${key === undefined ? 'key' : 'certificate'}\` is missing.`);
  for (const [at, file] of trust.entries()) {
    if (trust.indexOf(file) < at) context.report('TDM-1213', [...path, 'trust', at], `${file} stands here twice.`);
    else if (file !== 'system') readCertificate(file, [...path, 'trust', at], context);
  }
}

/** Who could listen in on the way. */
function checkEncryption({ path, entry, it }: PlacedTrunk, { draft, report }: Context): void {
  const { connection, srtp, transport } = entry;
  const clear = transport !== 'tls' && !srtp['keys-in-clear'];
  const over = transport === 'auto' ? 'what NAPTR records may choose' : transport;
  if (srtp.mode !== 'off' && draft.media?.mode === 'bypass')
    report('TDM-1225', [...path, 'srtp'], 'media does not pass through us, so that we cannot encrypt it.');
  else if (srtp.mode === 'required' && clear)
    report('TDM-1220', [...path, 'srtp'], `over ${over}, anyone on the way could read the keys.`);
  else if (srtp.mode === 'optional' && clear)
    report('TDM-1309', [...path, 'srtp'], `over ${over}, no keys are sent, and media stays in clear.`);
  const { tunnel, vpn = false } = connection ?? {};
  const hidden = tunnel ? tunnel.kind !== 'gre' : vpn;
  if (connection?.type === 'internet' && !hidden && !(transport === 'tls' && srtp.mode === 'required')) {
    const missing = [...(transport === 'tls' ? [] : ['TLS']), ...(srtp.mode === 'required' ? [] : ['SRTP'])];
    const way = tunnel ? 'through GRE, which encrypts nothing' : 'and no VPN';
    report('TDM-1221', [...path, 'connection'], `it runs over the internet without ${missing.join(' and ')}, ${way}.`);
  }
  if (connection?.type === 'mpls' && it.dscp?.media === 0)
    report('TDM-1308', [...path, 'dscp'], 'voice goes unmarked over a network that other traffic shares.');
}

function checkResponses({ path, entry }: PlacedTrunk, { report }: Context): void {
  for (const [at, { as, then }] of (entry.responses ?? []).entries()) {
    if (as === undefined && then === undefined)
      report('TDM-1216', [...path, 'responses', at], 'the rule says neither `as` nor `then`.', 'Add one of them.');
  }
}
