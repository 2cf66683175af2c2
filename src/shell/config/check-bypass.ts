import type { Context, PlacedTrunk } from './check-context.ts';

/** Media that goes past us: that it can, and that no key takes it back. */
export function checkBypass(context: Context, trunks: readonly PlacedTrunk[]): void {
  const { draft, report } = context;
  const { media } = draft;
  if (!media) return;
  const { bypass } = media;
  if (bypass) checkProgram(bypass, context);
  for (const { path, entry, it } of trunks) {
    const address = entry['media-address'];
    if (address !== undefined && !entry['media-bypass'])
      report(
        'TDM-1216',
        [...path, 'media-address'],
        'it counts with `media-bypass` alone.',
        'Add `media-bypass: true`, or remove it.',
      );
    if (!entry['media-bypass']) continue;
    if (!bypass && media.mode === 'anchor')
      report(
        'TDM-1216',
        [...path, 'media-bypass'],
        'media bypass is off for the program.',
        'Add `bypass: sites` to `media`, or remove it.',
      );
    const why = tookBack(it);
    if (bypass && why !== undefined)
      report('TDM-1216', [...path, 'media-bypass'], `no call of it can go past us: ${why}.`, 'Remove one of both.');
  }
}

function checkProgram({ by, unmapped }: { by: string; unmapped: boolean }, { draft, report }: Context): void {
  const path = ['media', 'bypass'];
  if (draft.media?.mode === 'bypass')
    report(
      'TDM-1216',
      path,
      '`mode: bypass` lets no media pass through us at all.',
      'Remove it, or say `mode: anchor`.',
    );
  if (by === 'sites') {
    if (draft.sites.length === 0 && !unmapped)
      report('TDM-1216', path, 'there are no sites.', 'Add `sites`, or say `always` where everybody hears everybody.');
    return;
  }
  if (unmapped)
    report('TDM-1216', [...path, 'unmapped'], '`always` asks for no site.', 'Remove it, or say `by: sites`.');
  const limited = [...draft.sites, ...draft.links].some((one) => one?.bandwidth !== undefined);
  if (limited)
    report(
      'TDM-1216',
      path,
      '`always` takes links whose room is counted, and counts nothing.',
      'Say `sites`: what is not well connected passes through us and is counted.',
    );
}

/** What has every call of the trunk anchored. */
function tookBack({ hold, offer, ringback }: PlacedTrunk['it']): string | undefined {
  if (hold) return '`hold` has a form of its own';
  if (offer === 'delayed') return '`offer: delayed` asks for an offer of ours';
  return ringback === 'tone' ? '`ringback: tone` is made by us' : undefined;
}
