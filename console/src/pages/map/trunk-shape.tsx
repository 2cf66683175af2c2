import { Link } from 'wouter';
import { toneOfState } from '../trunks/trunks-data.ts';
import { sizes } from './layout.ts';
import type { MapTrunk } from './topology.ts';
import type { MapData } from './use-map.ts';
import type { Words } from './words.ts';

interface TrunkShapeProps {
  trunk: MapTrunk;
  data: MapData;
  words: Words;
  x: number;
  y: number;
  width: number;
  isChosen: boolean;
  /** What a pointer does with it while somebody edits; undefined: it leads to its page. */
  hold: object | undefined;
}

export function TrunkShape({ trunk, data, words, x, y, width, isChosen, hold }: TrunkShapeProps) {
  const { name, isDisabled } = trunk;
  const key = `trunk ${name}`;
  const state = isDisabled ? 'disabled' : (data.live.get(name)?.state ?? 'unknown');
  const flaw = words.flawOf(key);
  const shape = (
    <>
      <rect x={x} y={y} width={width} height={sizes.trunk} rx={8} />
      <circle cx={x + 16} cy={y + sizes.trunk / 2} r={6} fill={`var(--tandem-${toneOfState(state)})`} />
      <text x={x + 32} y={y + 19} className="map-trunk-name">
        {name.length > 22 ? `${name.slice(0, 21)}…` : name}
      </text>
      <text x={x + 32} y={y + 36} className="map-trunk-note">
        {` ${words.noteOfTrunk(trunk)}`}
      </text>
      <Marks x={x + width - 12} y={y + 14} isChanged={data.changed.has(key)} flaw={flaw} />
    </>
  );
  const className = `map-trunk ${isChosen ? 'chosen' : ''} ${flaw}`;
  return hold ? (
    // biome-ignore lint/a11y/useSemanticElements: a part of a drawing
    <g
      role="button"
      tabIndex={0}
      aria-label={words.trunk(trunk)}
      className={`${className} map-held`}
      data-key={key}
      {...hold}
    >
      {shape}
    </g>
  ) : (
    <Link href={`/trunks/${encodeURIComponent(name)}`} className={className} data-key={key}>
      {shape}
    </Link>
  );
}

/** A dot: it is in the draft. A triangle: something is wrong of it. Both are said in its name. */
export function Marks({ x, y, isChanged, flaw }: { x: number; y: number; isChanged: boolean; flaw: string }) {
  return (
    <>
      {isChanged && <circle cx={x} cy={y} r={4} className="map-changed" />}
      {flaw !== '' && <path d={`M${x - 24} ${y + 5}h14l-7 -12z`} className={`map-${flaw}`} />}
    </>
  );
}
