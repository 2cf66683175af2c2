import type { Listener, MediaAddress, Side, Trunk } from '#engine/ports';
import { covers, familyName, isLoopback, isManifold, isName, isWildcard, sameFamily } from './addresses.ts';
import type { Context, PlacedListener, PlacedTrunk } from './check-context.ts';
import { checkReachable } from './check-listeners.ts';
import { mediaAddress } from './compile-media.ts';
import type { Draft } from './draft.ts';
import type { Report } from './problems.ts';

export function checkMedia(
  { draft: { media }, report }: Context,
  listeners: readonly PlacedListener[],
  trunks: readonly PlacedTrunk[],
): void {
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
  const { silence, 'longest-silence': longest } = media;
  if (longest > 0 && (silence === 0 || longest <= silence))
    report(
      'TDM-1216',
      ['media', 'longest-silence'],
      silence === 0 ? '`silence: never` lets every silence be.' : 'no silence is noticed before `silence` is over.',
      silence === 0 ? 'Remove it, or give `silence` a time.' : 'Make it longer than `silence`.',
    );
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
  const named = listeners.some((one) => isName(one.advertise.host));
  if (named && isWildcard(bind) && isWildcard(advertise) && !media[side] && media.address === undefined)
    report(
      'TDM-1203',
      path,
      `a listener is told by a name, and no peer can send media to ${advertise}.`,
      `Give \`media.${side}\` with \`bind\` and \`advertise\`: SDP takes an address.`,
    );
  // Where a name leads is known later.
  const known = ({ addresses }: Trunk) => addresses.length > 0 && !addresses.some(({ host }) => isName(host));
  const foreign = peers.find(
    (trunk) => known(trunk) && trunk.addresses.every((address) => !sameFamily(address.host, advertise)),
  );
  if (foreign)
    report(
      'TDM-1303',
      path,
      `${advertise} is ${familyName(advertise)}, but trunk "${foreign.name}" is ${familyName(foreign.addresses[0]!.host)}.`,
    );
  const far = peers.find((trunk) => trunk.addresses.some(({ host }) => !isLoopback(host) && !isName(host)));
  if (far && isLoopback(advertise))
    report('TDM-1304', path, `trunk "${far.name}" is told to send media to ${advertise}, its own machine.`);
}
