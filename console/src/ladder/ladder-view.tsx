import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { preciseClock } from '../parts/format.ts';
import type { Ladder, Message } from './ladder.ts';
import './ladder.css';

const rowHeight = 34;
const headHeight = 52;
/** Px of a letter of what stands under a name. */
const noteWidth = 6.5;

/** Who sends what to whom, from above to below: each message one click, or one key, away. */
export function LadderView({
  messages,
  ladder: { lanes, arrows },
  chosen,
  onChoose,
}: {
  messages: readonly Message[];
  ladder: Ladder;
  chosen: number | undefined;
  onChoose: (index: number) => void;
}) {
  const { t } = useTranslation();
  const { ref, width: measured } = useElementSize();
  const group = useRef<SVGSVGElement>(null);
  const isNarrow = measured < 560;
  // Both legs of a call fit on a telephone; more tries than one are reached by moving it.
  const times = isNarrow ? 44 : 104;
  const side = isNarrow ? 44 : 60;
  const poles = lanes.length + 1;
  const gap = Math.max(isNarrow ? 84 : 124, (measured - times - 2 * side) / Math.max(1, poles - 1));
  const width = times + side + gap * (poles - 1) + side;
  const letters = Math.floor(gap / 7);
  const height = headHeight + arrows.length * rowHeight + 16;
  // Who called, we, and then whom it was tried at.
  const poleX = (pole: number) => times + side + pole * gap;
  const laneX = (lane: number) => poleX(lane === 0 ? 0 : lane + 1);
  const own = lanes.length === 0 ? 0 : poleX(1);
  const onKey = (event: KeyboardEvent) => {
    const at = chosen ?? -1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: arrows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(arrows.length - 1, Math.max(0, to));
    onChoose(next);
    group.current?.querySelector<SVGGElement>(`[data-arrow="${next}"]`)?.focus();
  };
  return (
    <div ref={ref} className="ladder">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose parts are buttons */}
      <svg ref={group} width={width} height={height} role="group" aria-label={t('call.ladder')} onKeyDown={onKey}>
        {lanes.map(({ callId, leg, remote }, lane) => (
          <Pole
            key={callId}
            x={laneX(lane)}
            height={height}
            name={leg || remote}
            note={remote}
            room={Math.min(laneX(lane), width - laneX(lane))}
            letters={isNarrow ? letters : 18}
          />
        ))}
        <Pole x={own} height={height} name="Tandem" note="" room={side} letters={18} isOwn />
        {arrows.map(({ index, lane, isIn, label, note, tone, isAgain, sinceMs }) => {
          const y = headHeight + index * rowHeight + 22;
          const [from, to] = isIn ? [laneX(lane), own] : [own, laneX(lane)];
          const direction = Math.sign(to - from);
          const end = to - direction * 2;
          const message = messages[index]!;
          const parties = isIn ? `${lanes[lane]!.leg} → Tandem` : `Tandem → ${lanes[lane]!.leg}`;
          const time = isNarrow ? `+${(sinceMs / 1000).toFixed(2)}` : preciseClock(message.atMs);
          const what = isNarrow && label.length > letters ? `${label.slice(0, letters - 1)}…` : label;
          const more = `${note === '' ? '' : ` ${note}`}${isAgain ? t('call.repeat') : ''}`;
          return (
            // biome-ignore lint/a11y/useSemanticElements: SVG has no buttons
            <g
              key={index}
              data-arrow={index}
              role="button"
              tabIndex={index === (chosen ?? 0) ? 0 : -1}
              aria-pressed={index === chosen}
              className={`arrow arrow-${tone} ${index === chosen ? 'arrow-chosen' : ''} ${isAgain ? 'arrow-again' : ''}`}
              onClick={() => onChoose(index)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                onChoose(index);
              }}
            >
              <rect x={0} y={y - 22} width={width} height={rowHeight} className="arrow-row" />
              <text x={8} y={y + 4} className="arrow-time">
                {time}
              </text>
              <text x={8} y={y + 4} className="arrow-parties">
                {` ${parties}${t('common.colon')}${what === label ? '' : label}`}
              </text>
              <line x1={from} x2={end} y1={y} y2={y} className="arrow-line" />
              <path d={`M${end} ${y}l${-direction * 8} -4.5v9z`} className="arrow-head" />
              <text x={(from + to) / 2} y={y - 6} className="arrow-label">
                {what}
                {more !== '' && <tspan className="arrow-note">{more}</tspan>}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function Pole({
  x,
  height,
  name,
  note,
  room,
  letters,
  isOwn = false,
}: {
  x: number;
  height: number;
  name: string;
  note: string;
  /** Px from it to the nearer edge. */
  room: number;
  /** Of its name that there is room for. */
  letters: number;
  isOwn?: boolean;
}) {
  return (
    <g className={isOwn ? 'pole pole-own' : 'pole'}>
      <text x={x} y={18} className="pole-name">
        {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
      </text>
      <text
        y={34}
        className="pole-note"
        {...((note.length * noteWidth) / 2 > room ? { x: x + room, textAnchor: 'end' } : { x, textAnchor: 'middle' })}
      >
        {note}
      </text>
      <line x1={x} x2={x} y1={42} y2={height} />
    </g>
  );
}
