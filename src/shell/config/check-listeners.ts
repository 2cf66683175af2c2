import type { Listener } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { covers, familyName, isManifold, isName, isWildcard, sameFamily } from './addresses.ts';
import { checkCertificate } from './check-certificates.ts';
import type { Context, PlacedListener } from './check-context.ts';
import { compileListener } from './compile.ts';
import type { Path, Report } from './problems.ts';
import type { ListenerEntry } from './schema.ts';

export function checkListeners(context: Context): PlacedListener[] {
  const { draft, report } = context;
  const placed: PlacedListener[] = [];
  for (const [index, entry] of draft.listeners.entries()) {
    if (!entry) continue;
    const path: Path = ['listeners', index];
    checkReachable(entry.bind.host, entry.advertise?.host, path, report);
    checkTransports(entry, path, report);
    checkTls(entry, path, context);
    const own: PlacedListener[] = [];
    for (const it of compileListener(entry)) {
      if (own.some((one) => one.it.transport === it.transport)) continue;
      own.push({ path, entry, it });
    }
    const other = placed.find(
      (one) => own.some(({ it }) => sameSocket(it, one.it)) && onOneMachine(context, entry, one.entry),
    );
    if (other)
      report(
        'TDM-1206',
        [...path, 'bind'],
        `listener "${other.it.name}" has ${other.it.transport} ${formatHostPort(other.it.bind)} already.`,
      );
    placed.push(...own);
  }
  return placed;
}

function checkTransports({ transports }: ListenerEntry, path: Path, report: Report): void {
  for (const [at, transport] of transports.entries()) {
    if (transports.indexOf(transport) < at)
      report('TDM-1213', [...path, 'transports', at], `${transport} stands here twice.`);
  }
  if (transports.includes('tcp') && transports.includes('tls'))
    report('TDM-1214', [...path, 'transports'], 'tcp and tls would share one port.');
}

function checkTls({ tls, transports, advertise }: ListenerEntry, path: Path, context: Context): void {
  const { report } = context;
  if (!transports.includes('tls')) {
    if (tls) report('TDM-1216', [...path, 'tls'], 'the listener has no transport tls.', 'Add `tls` to its transports.');
    return;
  }
  if (!tls) {
    report('TDM-1215', path, 'it listens for tls, and has no certificate to show.');
    return;
  }
  const certificate = checkCertificate(tls, [...path, 'tls'], context);
  const name = advertise?.host;
  if (certificate && name !== undefined && isName(name) && certificate.checkHost(name) === undefined)
    report(
      'TDM-1306',
      [...path, 'tls', 'certificate'],
      `it does not bear the name ${name}, which \`advertise\` tells.`,
    );
}

/** Those of two nodes are on two machines, unless they are at one address that only one machine can have. */
function onOneMachine({ draft }: Context, one: ListenerEntry, other: ListenerEntry): boolean {
  const nodeOf = ({ name }: ListenerEntry) => draft.nodes.find((node) => node?.listeners.includes(name));
  const node = nodeOf(one);
  return node === nodeOf(other) || (one.bind.host === other.bind.host && !isWildcard(one.bind.host));
}

/** Streams share the ports of TCP, encrypted or not. */
function sameSocket(a: Listener, b: Listener): boolean {
  const overlap = covers(a.bind.host, b.bind.host) || covers(b.bind.host, a.bind.host);
  return (a.transport === 'udp') === (b.transport === 'udp') && a.bind.port === b.bind.port && overlap;
}

/** An address to bind and the one told to peers: a listener's, or a media address. `path` holds `bind` and `advertise`. */
export function checkReachable(bind: string, advertise: string | undefined, path: Path, report: Report): void {
  if (isManifold(bind)) report('TDM-1204', [...path, 'bind'], `${bind} is a multicast or broadcast address.`);
  if (advertise === undefined) {
    if (isWildcard(bind)) report('TDM-1203', [...path, 'bind'], `no peer can send anything to ${bind}.`);
    return;
  }
  if (isWildcard(advertise) || isManifold(advertise))
    report('TDM-1204', [...path, 'advertise'], `${advertise} is not the address of one machine.`);
  else if (!isName(advertise) && !sameFamily(bind, advertise))
    report(
      'TDM-1205',
      [...path, 'advertise'],
      `${advertise} is ${familyName(advertise)}, but ${bind} is ${familyName(bind)}.`,
    );
}
