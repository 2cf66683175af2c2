import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client.ts';
import { toneOfState } from '../trunks/trunks-data.ts';
import { sizes } from './layout.ts';
import type { MapTrunk } from './topology.ts';
import { noteOfTrunk } from './words.ts';

interface TrunkShapeProps {
  trunk: MapTrunk;
  live: Schemas['Trunk'] | undefined;
  flaw: string;
  isChanged: boolean;
  x: number;
  y: number;
  width: number;
  isChosen: boolean;
  /** What it is called while somebody edits; undefined: it leads to its page. */
  label: string | undefined;
}

/** Of thousands, those are drawn anew of which something has become. */
export const TrunkShape = memo(function TrunkShape({
  trunk,
  live,
  flaw,
  isChanged,
  x,
  y,
  width,
  isChosen,
  label,
}: TrunkShapeProps) {
  const { t } = useTranslation();
  const { name, isDisabled } = trunk;
  const key = `trunk ${name}`;
  const state = isDisabled ? 'disabled' : (live?.state ?? 'unknown');
  const shape = (
    <>
      <rect x={x} y={y} width={width} height={sizes.trunk} rx={8} />
      <circle cx={x + 16} cy={y + sizes.trunk / 2} r={6} fill={`var(--tandem-${toneOfState(state)})`} />
      <text x={x + 32} y={y + 19} className="map-trunk-name">
        {name.length > 22 ? `${name.slice(0, 21)}…` : name}
      </text>
      <text x={x + 32} y={y + 36} className="map-trunk-note">
        {` ${noteOfTrunk(t, trunk, live)}`}
      </text>
      <Marks x={x + width - 12} y={y + 14} {...{ isChanged, flaw }} />
    </>
  );
  const className = `map-trunk ${isChosen ? 'chosen' : ''} ${flaw}`;
  return label !== undefined ? (
    // biome-ignore lint/a11y/useSemanticElements: a part of a drawing
    <g role="button" tabIndex={0} aria-label={label} className={`${className} map-held`} data-key={key}>
      {shape}
    </g>
  ) : (
    // The drawing follows it: thousands of links that each follow themselves take seconds.
    <a href={pageOf(name)} className={className} data-key={key}>
      {shape}
    </a>
  );
});

export function pageOf(trunk: string): string {
  return `/trunks/${encodeURIComponent(trunk)}`;
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
