import type { Listener, MediaAddress, Side, Trunk } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { covers, familyName, isLoopback, isManifold, isWildcard, sameFamily } from './addresses.ts';
import { compileListener, compileTrunk, mediaAddress, serves } from './compile.ts';
import type { Draft } from './draft.ts';
import { namesIn } from './names.ts';
import { fault, type Path, type Report } from './problems.ts';
import { checkRoutes } from './reach.ts';
import type { Source } from './source.ts';

/** Checks what only shows when entries are seen together. Entries that are not sound are passed over. */
export function checkTogether(draft: Draft, source: Source): void {
  const report: Report = (code, path, message, cure) =>
    source.problems.add(fault(code, message, cure), source.valueAt(path), path, source.tree);
  checkNames(source.tree, report);
  const listeners = checkListeners(draft, report);
  const trunks = checkTrunks(draft, report);
  checkPairs(draft, listeners, trunks, report);
  checkMedia(draft, listeners, trunks, report);
  checkSip(draft, report);
  checkRoutes(draft, source.tree, report);
}

/** One of the file's, compiled, with its place. */
interface Placed<T> {
  readonly path: Path;
  readonly it: T;
}

function checkNames(tree: unknown, report: Report): void {
  for (const section of ['listeners', 'trunks', 'routes']) {
    const seen = new Set<unknown>();
    for (const [index, name] of namesIn(tree, section).entries()) {
      if (typeof name !== 'string') continue;
      if (seen.has(name)) report('TDM-1201', [section, index, 'name'], `another of the ${section} has this name.`);
      seen.add(name);
    }
  }
}

function checkListeners(draft: Draft, report: Report): Placed<Listener>[] {
  const placed: Placed<Listener>[] = [];
  for (const [index, entry] of draft.listeners.entries()) {
    if (!entry) continue;
    const path: Path = ['listeners', index];
    checkReachable(entry.bind.host, entry.advertise?.host, path, report);
    for (const [at, transport] of entry.transports.entries()) {
      if (entry.transports.indexOf(transport) < at)
        report('TDM-1213', [...path, 'transports', at], `${transport} stands here twice.`);
    }
    const own: Placed<Listener>[] = [];
    for (const it of compileListener(entry)) {
      if (own.some((one) => one.it.transport === it.transport)) continue;
      own.push({ path, it });
    }
    const other = placed.find(({ it }) => own.some((one) => sameSocket(one.it, it)));
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

function sameSocket(a: Listener, b: Listener): boolean {
  const overlap = covers(a.bind.host, b.bind.host) || covers(b.bind.host, a.bind.host);
  return a.transport === b.transport && a.bind.port === b.bind.port && overlap;
}

/** An address to bind and the one told to peers: a listener's, or a media address. `path` holds `bind` and `advertise`. */
function checkReachable(bind: string, advertise: string | undefined, path: Path, report: Report): void {
  if (isManifold(bind)) report('TDM-1204', [...path, 'bind'], `${bind} is a multicast or broadcast address.`);
  if (advertise === undefined) {
    if (isWildcard(bind)) report('TDM-1203', [...path, 'bind'], `no peer can send anything to ${bind}.`);
    return;
  }
  if (isWildcard(advertise) || isManifold(advertise))
    report('TDM-1204', [...path, 'advertise'], `${advertise} is not the address of one machine.`);
  else if (!sameFamily(bind, advertise))
    report(
      'TDM-1205',
      [...path, 'advertise'],
      `${advertise} is ${familyName(advertise)}, but ${bind} is ${familyName(bind)}.`,
    );
}

function checkTrunks(draft: Draft, report: Report): Placed<Trunk>[] {
  const placed: Placed<Trunk>[] = [];
  /** The addresses seen so far, by host. */
  const seen = new Map<string, { trunk: string; port: number | undefined }[]>();
  for (const [index, entry] of draft.trunks.entries()) {
    if (!entry) continue;
    for (const [at, { host, port }] of entry.addresses.entries()) {
      const path: Path = ['trunks', index, 'addresses', at];
      if (isWildcard(host) || isManifold(host)) report('TDM-1204', path, `${host} is not the address of one machine.`);
      const others = seen.get(host) ?? [];
      const other = others.find((one) => one.port === port || one.port === undefined || port === undefined);
      if (other?.trunk === entry.name)
        report('TDM-1213', path, `${host} stands here twice${other.port === port ? '' : ', with and without a port'}.`);
      else if (other)
        report(
          'TDM-1208',
          path,
          `trunk "${other.trunk}" has ${host}${other.port === undefined ? ' with every port' : `:${other.port}`} already.`,
        );
      seen.set(host, [...others, { trunk: entry.name, port }]);
    }
    placed.push({ path: ['trunks', index], it: compileTrunk(entry) });
  }
  return placed;
}

/** Trunks and listeners: a way out, and no way in a circle. */
function checkPairs(
  draft: Draft,
  listeners: readonly Placed<Listener>[],
  trunks: readonly Placed<Trunk>[],
  report: Report,
): void {
  // A listener that is not sound may be the very one.
  const complete = listeners.length > 0 && draft.listeners.every((entry) => entry !== undefined);
  for (const { path, it: trunk } of trunks) {
    const missing = new Set<string>();
    for (const [at, address] of trunk.addresses.entries()) {
      const place = [...path, 'addresses', at];
      const loop = listeners.find(({ it }) => leadsTo(it, address));
      if (loop) report('TDM-1209', place, `${formatHostPort(address)} is our own listener "${loop.it.name}".`);
      const ways = listeners.filter(
        ({ it }) =>
          serves(it, trunk.side) && it.transport === trunk.transport && sameFamily(it.bind.host, address.host),
      );
      const wanted = `${trunk.side} side, ${trunk.transport}, ${familyName(address.host)}`;
      if (complete && ways.length === 0 && !missing.has(wanted)) {
        missing.add(wanted);
        report('TDM-1207', place, `no listener for it: ${wanted}.`);
      }
      if (!isLoopback(address.host) && ways.length > 0 && ways.every(({ it }) => isLoopback(it.advertise.host))) {
        const { it, path: at } = ways[0]!;
        report(
          'TDM-1304',
          [...at, 'bind'],
          `trunk "${trunk.name}" is told to answer to ${it.advertise.host}, its own machine.`,
        );
      }
    }
  }
}

function leadsTo(listener: Listener, address: { host: string; port: number }): boolean {
  const { bind, advertise } = listener;
  if (advertise.port === address.port && advertise.host === address.host) return true;
  if (bind.port !== address.port) return false;
  return bind.host === address.host || (isLoopback(address.host) && covers(bind.host, address.host));
}

function checkMedia(
  draft: Draft,
  listeners: readonly Placed<Listener>[],
  trunks: readonly Placed<Trunk>[],
  report: Report,
): void {
  const { media } = draft;
  if (!media) return;
  const { address } = media;
  if (address !== undefined) {
    const path = ['media', 'address'];
    if (isManifold(address)) report('TDM-1204', path, `${address} is a multicast or broadcast address.`);
    if (isWildcard(address))
      report(
        'TDM-1203',
        path,
        `no peer can send anything to ${address}.`,
        'Give `internal` and `external`, each with `bind` and `advertise`, or one address of this machine.',
      );
  }
  for (const side of ['internal', 'external'] as const) {
    const own = media[side];
    if (own) checkReachable(own.bind, own.advertise, ['media', side], report);
  }
  if (media.mode === 'bypass' || listeners.length === 0) return;

  const compiled = listeners.map(({ it }) => it);
  const told = new Set<string>();
  for (const side of ['internal', 'external'] as const) {
    const peers = trunks.map(({ it }) => it).filter((trunk) => trunk.side === side);
    if (peers.length > 0)
      checkMediaSide(side, mediaAddress(media, side, compiled), peers, compiled, told, media, report);
  }

  const { min, max } = media.ports;
  const calls = (max - min + 1) / 2;
  for (const { path, it: trunk } of trunks) {
    const wanted = trunk.capacity.calls ?? 0;
    if (wanted > calls)
      report('TDM-1305', [...path, 'capacity', 'calls'], `${wanted} calls, but media.ports serves ${calls} at most.`);
  }
}

function checkMediaSide(
  side: Side,
  { bind, advertise }: MediaAddress,
  peers: readonly Trunk[],
  listeners: readonly Listener[],
  told: Set<string>,
  media: NonNullable<Draft['media']>,
  report: Report,
): void {
  const { min, max } = media.ports;
  for (const listener of listeners) {
    const { host, port } = listener.bind;
    if (listener.transport !== 'udp' || port < min || port > max || told.has(listener.id)) continue;
    if (!covers(bind, host) && !covers(host, bind)) continue;
    told.add(listener.id);
    report('TDM-1210', ['media', 'ports'], `${min}-${max} takes in port ${port} of listener "${listener.name}".`);
  }
  const path = media[side] ? ['media', side] : media.address === undefined ? ['media'] : ['media', 'address'];
  const foreign = peers.find((trunk) => trunk.addresses.every((address) => !sameFamily(address.host, advertise)));
  if (foreign)
    report(
      'TDM-1303',
      path,
      `${advertise} is ${familyName(advertise)}, but trunk "${foreign.name}" is ${familyName(foreign.addresses[0]!.host)}.`,
    );
  const far = peers.find((trunk) => trunk.addresses.some((address) => !isLoopback(address.host)));
  if (far && isLoopback(advertise))
    report('TDM-1304', path, `trunk "${far.name}" is told to send media to ${advertise}, its own machine.`);
}

function checkSip(draft: Draft, report: Report): void {
  if (draft.sip && draft.sip.t2 < draft.sip.t1) report('TDM-1211', ['sip', 't2'], 'T2 is shorter than T1.');
}
