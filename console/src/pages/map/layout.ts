import { type MapLink, type MapSite, type MapTrunk, siteAt, type Topology } from './topology.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}
/** Where somebody put things, by the key of their box. */
export type Places = Readonly<Record<string, Place>>;

/** A site with its trunks below each other, or those of no site. */
export interface Box extends Place {
  readonly key: string;
  readonly site: MapSite | undefined;
  readonly isInside: boolean;
  readonly width: number;
  readonly height: number;
  /** `y` within the picture. */
  readonly trunks: readonly { readonly trunk: MapTrunk; readonly y: number }[];
}

/** A link as it is drawn; `middle`: where its words stand. */
export interface Line {
  readonly link: MapLink;
  readonly d: string;
  readonly middle: Place;
}

export interface MapLayout {
  readonly boxes: readonly Box[];
  /** Of links whose both ends are on the picture. */
  readonly lines: readonly Line[];
  /** Of our own. */
  readonly us: Place;
  /** What all of it takes, with room around. */
  readonly view: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export const sizes = { width: 270, trunk: 46, gap: 10, head: 34, foot: 12, between: 18, inner: 14 } as const;
export const ourSize = { width: 140, height: 60 } as const;
/** From left to left of the two columns. */
const across = 610;
const behind = 400;
/** The longest that a column shall be. */
const glance = 900;
const around = 12;
/** Of a link. */
const words = { width: 130, height: 20 } as const;
/** What lies on a grid looks tidy. */
const grid = 10;

export const ourKey = 'tandem';

/** What is inside on the left, outside on the right; sites by name, those without trunks last. What somebody placed stands where he put it. */
export function layoutOf(topology: Topology, places: Places = {}): MapLayout {
  const { sites, trunks } = topology;
  const known = new Set(sites.map(({ name }) => name));
  const ofSites = sites.toSorted(byName).map((site) =>
    boxOf(
      `site ${site.name}`,
      site,
      trunks.filter((one) => one.site === site.name),
    ),
  );
  const ofNone = [true, false].flatMap((isInside) => {
    const own = trunks.filter((one) => one.isInside === isInside && (one.site === undefined || !known.has(one.site)));
    return own.length === 0 ? [] : [boxOf(isInside ? 'trunks inside' : 'trunks outside', undefined, own)];
  });
  const hasTrunks = (box: Box) => box.trunks.length > 0;
  // What has a wire to us stands next to us.
  const boxes = [...ofSites.filter(hasTrunks), ...ofNone, ...ofSites.filter((box) => !hasTrunks(box))];
  const columns = [true, false].flatMap((isInside) => {
    const own = inColumns(boxes.filter((box) => box.isInside === isInside));
    // The first is next to us, the others behind it.
    return own.map((column, i) => ({ column, x: isInside ? -i * behind : across + i * behind }));
  });
  const tall = Math.max(...columns.map(({ column }) => heightOf(column)), 120);
  const own = new Map<string, Place>();
  for (const { column, x } of columns) {
    let y = (tall - heightOf(column)) / 2;
    for (const { key, height } of column) {
      own.set(key, { x, y });
      y += height + sizes.between;
    }
  }
  const placed = boxes.map((box): Box => {
    const { x, y } = places[box.key] ?? own.get(box.key)!;
    return { ...box, x, y, trunks: box.trunks.map((one) => ({ ...one, y: one.y + y })) };
  });
  const us = places[ourKey] ?? { x: (across + sizes.width - ourSize.width) / 2, y: (tall - ourSize.height) / 2 };
  const lines = topology.links.flatMap((link) => {
    const [one, other] = link.between.map((end) => {
      const site = siteAt(topology, end);
      return site && placed.find(({ key }) => key === `site ${site.name}`);
    });
    return !one || !other || one === other ? [] : [{ link, ...lineBetween(one, other) }];
  });
  const written = lines.map(({ middle: { x, y } }) => ({ x: x - words.width / 2, y: y - words.height, ...words }));
  return { boxes: placed, lines, us, view: viewOf([...placed, ...written, { ...us, ...ourSize }]) };
}

/** As many as are needed for none to be longer than what is read at a glance, in their order. */
function inColumns(boxes: readonly Box[]): readonly (readonly Box[])[] {
  const most = heightOf(boxes) / Math.ceil(heightOf(boxes) / glance);
  const columns: Box[][] = [];
  for (const box of boxes) {
    const last = columns.at(-1);
    if (last && heightOf(last) + box.height / 2 < most) last.push(box);
    else columns.push([box]);
  }
  return columns;
}

function heightOf(column: readonly Box[]): number {
  return column.reduce((height, box) => height + box.height + (height > 0 ? sizes.between : 0), 0);
}

const collator = new Intl.Collator('en', { numeric: true });

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return collator.compare(one.name, other.name);
}

function boxOf(key: string, site: MapSite | undefined, trunks: readonly MapTrunk[]): Box {
  const { width, trunk: size, gap, head, foot } = sizes;
  const own = [
    ...trunks.filter(({ isInside }) => isInside).sort(byName),
    ...trunks.filter((one) => !one.isInside).sort(byName),
  ];
  return {
    ...{ key, site, width, x: 0, y: 0 },
    // A site is inside unless all that is known of it leads out.
    isInside: own.length === 0 || own.some(({ isInside }) => isInside),
    height: own.length === 0 ? head + foot : head + own.length * (size + gap) - gap + foot,
    trunks: own.map((trunk, i) => ({ trunk, y: head + i * (size + gap) })),
  };
}

interface Area extends Place {
  readonly width: number;
  readonly height: number;
}

function viewOf(areas: readonly Area[]): Area {
  const x = Math.min(...areas.map((one) => one.x)) - around;
  const y = Math.min(...areas.map((one) => one.y)) - around;
  return {
    ...{ x, y },
    width: Math.max(...areas.map((one) => one.x + one.width)) + around - x,
    height: Math.max(...areas.map((one) => one.y + one.height)) + around - y,
  };
}

export function onGrid({ x, y }: Place): Place {
  return { x: Math.round(x / grid) * grid, y: Math.round(y / grid) * grid };
}

/** The way of a line from the side of an area to ours. */
export function wireTo(us: Place, box: Box, y: number): string {
  const isLeft = box.x + box.width / 2 <= us.x + ourSize.width / 2;
  const from = isLeft ? box.x + box.width - sizes.inner : box.x + sizes.inner;
  const to = isLeft ? us.x : us.x + ourSize.width;
  const at = y + sizes.trunk / 2;
  const end = us.y + ourSize.height / 2;
  const turn = (from + to) / 2;
  return `M${from} ${at}C${turn} ${at} ${turn} ${end} ${to} ${end}`;
}

/** A line between two boxes: out of the nearer sides, in a bow where one stands below the other. */
function lineBetween(one: Box, other: Box): Omit<Line, 'link'> {
  const [left, right] = one.x <= other.x ? [one, other] : [other, one];
  const from = { x: left.x + left.width, y: left.y + sizes.head / 2 };
  const to = { x: right.x, y: right.y + sizes.head / 2 };
  if (to.x - from.x > 40) {
    const turn = (from.x + to.x) / 2;
    return {
      d: `M${from.x} ${from.y}C${turn} ${from.y} ${turn} ${to.y} ${to.x} ${to.y}`,
      middle: { x: turn, y: (from.y + to.y) / 2 },
    };
  }
  // Around the left of both.
  const x = Math.min(one.x, other.x);
  const bow = x - 40 - Math.min(120, Math.abs(one.y - other.y) / 3);
  return {
    d: `M${one.x} ${one.y + sizes.head / 2}C${bow} ${one.y + sizes.head / 2} ${bow} ${other.y + sizes.head / 2} ${other.x} ${other.y + sizes.head / 2}`,
    middle: { x: (x + bow * 3) / 4, y: (one.y + other.y + sizes.head) / 2 },
  };
}

/** The nearest of several in a direction; undefined: there is none. */
export function nearest<T extends Area>(from: Area, all: readonly T[], dx: number, dy: number): T | undefined {
  const middle = (one: Area) => ({ x: one.x + one.width / 2, y: one.y + one.height / 2 });
  const start = middle(from);
  let best: { one: T; far: number } | undefined;
  for (const one of all) {
    const to = middle(one);
    const along = (to.x - start.x) * dx + (to.y - start.y) * dy;
    const aside = Math.abs((to.x - start.x) * dy) + Math.abs((to.y - start.y) * dx);
    if (along <= 1) continue;
    const far = along + 2 * aside;
    if (!best || far < best.far) best = { one, far };
  }
  return best?.one;
}

/** The box that a place is in. */
export function boxAt(boxes: readonly Box[], { x, y }: Place): Box | undefined {
  return boxes.findLast((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
}
