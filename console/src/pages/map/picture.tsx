import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { toneOfState } from '../trunks/trunks-data.ts';
import {
  type Box,
  boxAt,
  layoutOf,
  nearest,
  onGrid,
  ourKey,
  ourSize,
  type Place,
  type Places,
  sizes,
  wireTo,
} from './layout.ts';
import { Marks, pageOf, TrunkShape } from './trunk-shape.tsx';
import type { MapData } from './use-map.ts';
import { useWords, type Words } from './words.ts';

export interface PictureProps {
  data: MapData;
  places: Places;
  isEditing: boolean;
  /** What is open beside the picture. */
  chosen: string | undefined;
  onOpen: (key: string) => void;
  onPlace: (key: string, place: Place) => void;
  onMoveTrunk: (trunk: string, site: string | undefined) => void;
}

/** What hangs on somebody's pointer. */
interface Drag {
  readonly key: string;
  readonly isTrunk: boolean;
  readonly start: Place;
  readonly at: Place;
  /** He has moved it, and not just pressed on it. */
  readonly isMoved: boolean;
}

const step = 20;
/** Px for a unit, at the least: beyond, one scrolls. */
const legible = 0.8;
/** Units that a hand may tremble. */
const tremble = 5;
const arrows: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Sites, links and trunks, drawn. Arrow keys walk, Enter opens; while somebody edits, Shift and an arrow key move, and so does a pointer. */
export function Picture({ data, places, isEditing, chosen, onOpen, onPlace, onMoveTrunk }: PictureProps) {
  const { t } = useTranslation();
  const words = useWords(data);
  const [, go] = useLocation();
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const { topology, live, changed } = data;
  const layout = useMemo(() => layoutOf(topology, places), [topology, places]);
  const by = drag ? { x: drag.at.x - drag.start.x, y: drag.at.y - drag.start.y } : { x: 0, y: 0 };
  const drawn = useMemo(() => {
    if (!drag?.isMoved || drag.isTrunk) return layout;
    const from = drag.key === ourKey ? layout.us : layout.boxes.find(({ key }) => key === drag.key)!;
    const moved = layoutOf(topology, { ...places, [drag.key]: onGrid({ x: from.x + by.x, y: from.y + by.y }) });
    // What is looked at stays still under the pointer.
    return { ...moved, view: layout.view };
  }, [drag, layout, topology, places, by.x, by.y]);
  const { boxes, lines, us, view } = drawn;
  const target = drag?.isMoved && drag.isTrunk ? boxAt(boxes, drag.at) : undefined;

  const placeOf = ({ clientX, clientY }: PointerEvent): Place => {
    const matrix = svg.current?.getScreenCTM()?.inverse();
    if (!matrix) return { x: 0, y: 0 };
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix);
    return { x, y };
  };
  /** All that can be held is held by the drawing: of thousands of parts none has to know. */
  const hold = isEditing && {
    onPointerDown: (event: PointerEvent) => {
      const key = keyOf(event.target);
      if (event.button !== 0 || key === undefined || key.startsWith('link ')) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = placeOf(event);
      setDrag({ key, isTrunk: key.startsWith('trunk '), start: at, at, isMoved: false });
    },
    onPointerMove: (event: PointerEvent) => {
      if (!drag) return;
      const at = placeOf(event);
      const isMoved = drag.isMoved || Math.hypot(at.x - drag.start.x, at.y - drag.start.y) > tremble;
      setDrag({ ...drag, at, isMoved });
    },
    onPointerUp: () => {
      if (!drag) return;
      const { key, isTrunk, isMoved } = drag;
      setDrag(undefined);
      if (!isMoved) return onOpen(key);
      if (!isTrunk) {
        const to = key === ourKey ? us : boxes.find((box) => box.key === key)!;
        return onPlace(key, { x: to.x, y: to.y });
      }
      const name = key.slice('trunk '.length);
      if (target && !target.trunks.some(({ trunk }) => trunk.name === name)) onMoveTrunk(name, target.site?.name);
    },
    onPointerCancel: () => setDrag(undefined),
  };
  /** Links to pages are followed within the console; in another window, by who asks for that, by the browser. */
  const onClick = (event: MouseEvent) => {
    const key = keyOf(event.target);
    if (isEditing || !key?.startsWith('trunk ') || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(pageOf(key.slice('trunk '.length)));
  };

  /** All that can be walked to. */
  const stops = [
    ...(isEditing
      ? [
          { key: ourKey, ...us, ...ourSize },
          ...boxes.map(({ key, x, y, width }) => ({ key, x, y, width, height: sizes.head })),
          ...lines.map(({ link, middle }) => ({ key: `link ${link.at}`, ...middle, width: 0, height: 0 })),
        ]
      : []),
    ...boxes.flatMap((box) =>
      box.trunks.map(({ trunk, y }) => ({
        key: `trunk ${trunk.name}`,
        ...{ x: box.x + sizes.inner, y, width: box.width - 2 * sizes.inner, height: sizes.trunk },
      })),
    ),
  ];
  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event.target);
    if (key === undefined) return;
    const arrow = arrows[event.key];
    if (arrow) {
      event.preventDefault();
      const [dx, dy] = arrow;
      const box = key === ourKey ? us : boxes.find((one) => one.key === key);
      if (isEditing && event.shiftKey && box)
        return onPlace(key, onGrid({ x: box.x + dx * step, y: box.y + dy * step }));
      const from = stops.find((one) => one.key === key);
      const to =
        from &&
        nearest(
          from,
          stops.filter((one) => one.key !== key),
          dx,
          dy,
        );
      if (to) svg.current?.querySelector<SVGElement>(`[data-key="${CSS.escape(to.key)}"]`)?.focus();
      return;
    }
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (isEditing) onOpen(key);
    else if (key.startsWith('trunk ')) go(pageOf(key.slice('trunk '.length)));
  };
  const most = Math.max(1, ...[...live.values()].map(({ active }) => active));
  // Where it is wider than the page, one begins where all of it meets.
  const begun = useRef(false);
  useEffect(() => {
    const frame = svg.current?.parentElement;
    if (!frame || begun.current) return;
    begun.current = true;
    const middle = (us.x + ourSize.width / 2 - view.x) / view.width;
    frame.scrollLeft = middle * frame.scrollWidth - frame.clientWidth / 2;
  }, [us, view]);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where it is narrow
    <section className="surface map" tabIndex={0} aria-label={t('map.title')}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose parts are buttons and links */}
      <svg
        ref={svg}
        viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
        role="group"
        aria-label={t('map.keys')}
        className={isEditing ? 'map-edited' : ''}
        style={{ minWidth: Math.max(640, view.width * legible), maxWidth: Math.max(1100, view.width) }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        {...hold}
      >
        {lines.map(({ link, d, middle }) => {
          const key = `link ${link.at}`;
          const wide = words.usedOf(link).length * 3 + 30;
          return (
            <g
              key={key}
              data-key={key}
              className={`map-link-line ${chosen === key ? 'chosen' : ''} ${words.flawOf(key)}`}
              {...(isEditing && {
                role: 'button',
                tabIndex: 0,
                'aria-label': words.link(link),
                onClick: () => onOpen(key),
              })}
            >
              <path d={d} className="map-link-reach" />
              <path d={d} className="map-link-path" />
              <text x={middle.x} y={middle.y - 6} className="map-link-words">
                {words.usedOf(link)}
              </text>
              <Marks
                x={middle.x + wide}
                y={middle.y - 10}
                isChanged={changed.has(`link ${JSON.stringify(link.between)}`)}
                flaw={words.flawOf(key)}
              />
            </g>
          );
        })}
        {boxes.flatMap((box) =>
          box.trunks.map(({ trunk, y }) => {
            const state = live.get(trunk.name)?.state ?? (trunk.isDisabled ? 'disabled' : 'unknown');
            const active = live.get(trunk.name)?.active ?? 0;
            return (
              <path
                key={trunk.name}
                d={wireTo(us, box, y)}
                className={`wire wire-${state}`}
                strokeWidth={1.5 + (active / most) * 7}
                stroke={`var(--tandem-${toneOfState(state)})`}
              />
            );
          }),
        )}
        <g
          data-key={ourKey}
          {...(isEditing && {
            role: 'button',
            tabIndex: 0,
            'aria-label': `${t('map.tandem')}, ${t('map.us')}`,
            className: 'map-held',
          })}
        >
          <rect x={us.x} y={us.y} {...ourSize} rx={10} className="map-us" />
          <text x={us.x + ourSize.width / 2} y={us.y + 36} className="map-us-name">
            {t('map.tandem')}
          </text>
        </g>
        {boxes.map((box) => (
          <BoxShape
            key={box.key}
            box={box}
            {...{ data, words }}
            isTarget={target?.key === box.key}
            isChosen={chosen === box.key}
            hold={isEditing && { role: 'button', tabIndex: 0, 'aria-label': words.box(box), className: 'map-held' }}
          >
            {box.trunks.map(({ trunk, y }) => {
              const key = `trunk ${trunk.name}`;
              const isHeld = drag?.isMoved && drag.key === key;
              return (
                <TrunkShape
                  key={key}
                  trunk={trunk}
                  live={live.get(trunk.name)}
                  flaw={words.flawOf(key)}
                  isChanged={changed.has(key)}
                  x={box.x + sizes.inner + (isHeld ? by.x : 0)}
                  y={y + (isHeld ? by.y : 0)}
                  width={box.width - 2 * sizes.inner}
                  isChosen={chosen === key}
                  label={isEditing ? words.trunk(trunk) : undefined}
                />
              );
            })}
          </BoxShape>
        ))}
      </svg>
    </section>
  );
}

/** Of the part of the drawing that something is in. */
function keyOf(target: EventTarget): string | undefined {
  return (target as Element).closest('[data-key]')?.getAttribute('data-key') ?? undefined;
}

interface BoxShapeProps {
  box: Box;
  data: MapData;
  words: Words;
  isTarget: boolean;
  isChosen: boolean;
  hold: object | false;
  children: ReactNode;
}

function BoxShape({ box, data, words, isTarget, isChosen, hold, children }: BoxShapeProps) {
  const { t } = useTranslation();
  const { key, site, x, y, width, height } = box;
  const flaw = words.flawOf(key);
  const isChanged = data.changed.has(key);
  return (
    <g>
      <g data-key={key} {...hold}>
        <rect
          {...{ x, y, width, height }}
          rx={10}
          className={`map-site ${flaw} ${isTarget || isChosen ? 'chosen' : ''}`}
        />
        <text x={x + sizes.inner} y={y + 22} className="map-site-name">
          {words.nameOfBox(box)}
        </text>
        <text x={x + width - sizes.inner - (isChanged ? 14 : 0)} y={y + 22} className="map-link">
          {site ? ` ${words.usedOf(site)} ` : ''}
        </text>
        {box.trunks.length === 0 && (
          <text x={x + sizes.inner} y={y + 38} className="map-trunk-note">
            {t('map.noTrunks')}
          </text>
        )}
        <Marks x={x + width - 12} y={y + 17} {...{ isChanged, flaw }} />
      </g>
      {children}
    </g>
  );
}
