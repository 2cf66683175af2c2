/** What stands on the map, as far as its place depends on it. */
export interface Mapped {
  readonly name: string;
  readonly side: string;
  readonly site?: string | undefined;
}

/** A site on one side of us, with its trunks below each other. */
export interface SiteBox<T> {
  readonly site: string;
  readonly isInside: boolean;
  readonly y: number;
  readonly height: number;
  readonly trunks: readonly { readonly trunk: T; readonly y: number }[];
}

export interface MapLayout<T> {
  readonly boxes: readonly SiteBox<T>[];
  readonly height: number;
}

export const mapSizes = { trunk: 46, gap: 10, head: 34, foot: 12, between: 18 } as const;

/** Inside on the left, outside on the right, by site and name; the shorter side stands in the middle of the longer. */
export function mapOf<T extends Mapped>(trunks: readonly T[]): MapLayout<T> {
  const sides = [true, false].map((isInside) =>
    boxesOf(
      trunks.filter(({ side }) => (side === 'internal') === isInside),
      isInside,
    ),
  );
  const height = Math.max(...sides.map(({ height: one }) => one), 120);
  const boxes = sides.flatMap(({ boxes: own, height: taken }) => {
    const down = (height - taken) / 2;
    return own.map((box) => ({
      ...box,
      y: box.y + down,
      trunks: box.trunks.map((one) => ({ ...one, y: one.y + down })),
    }));
  });
  return { boxes, height };
}

function boxesOf<T extends Mapped>(trunks: readonly T[], isInside: boolean): MapLayout<T> {
  const { trunk: size, gap, head, foot, between } = mapSizes;
  const boxes: SiteBox<T>[] = [];
  let y = 0;
  const sites = [...new Set(trunks.map(({ site = '' }) => site))].sort((a, b) =>
    a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1,
  );
  for (const site of sites) {
    const own = trunks.filter((one) => (one.site ?? '') === site).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const height = head + own.length * (size + gap) - gap + foot;
    boxes.push({
      site,
      isInside,
      y,
      height,
      trunks: own.map((trunk, i) => ({ trunk, y: y + head + i * (size + gap) })),
    });
    y += height + between;
  }
  return { boxes, height: Math.max(0, y - between) };
}
