// biome-ignore-all lint/a11y/useSemanticElements: a table element draws all its rows; this one draws those in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and says by aria-activedescendant where it is
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { span } from '../../parts/format.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { useNow } from '../../parts/use-now.ts';
import './calls.css';
import { type Call, type CallOrder, type Column, columns, stateOf } from './call-table.ts';

/** As many rows as the eye sees, of as many calls as there are. Arrow keys walk, Enter opens. */
export function CallRows({
  calls,
  order,
  onOrder,
}: {
  calls: readonly Call[];
  order: CallOrder;
  onOrder: (order: CallOrder) => void;
}) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const now = useNow();
  const isNarrow = useMediaQuery('(max-width: 48em)') ?? false;
  const scroller = useRef<HTMLDivElement>(null);
  // Of a call, not of a row: it stays with its call when others come and go.
  const [at, setAt] = useState<string>();
  const height = isNarrow ? 64 : 40;
  const headHeight = isNarrow ? 0 : 42;
  const rows = useVirtualizer({
    count: calls.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (i) => calls[i]!.call,
    overscan: 12,
    // Below the head, which stays.
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const place = calls.findIndex(({ call }) => call === at);
  const onKey = (event: KeyboardEvent) => {
    // The heads have keys of their own.
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: calls.length - 1,
    };
    const to = moves[event.key];
    if (event.key === 'Enter' && place >= 0) return go(`/calls/${encodeURIComponent(calls[place]!.call)}`);
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(calls.length - 1, Math.max(0, to));
    setAt(calls[next]?.call);
    rows.scrollToIndex(next);
  };
  const sort = (column: Column) => onOrder({ column, descending: order.column === column ? !order.descending : false });
  return (
    <div
      ref={scroller}
      className="surface calls"
      role="grid"
      tabIndex={0}
      aria-label={t('calls.table')}
      aria-rowcount={calls.length + 1}
      onKeyDown={onKey}
      {...(place >= 0 && { 'aria-activedescendant': `call-${at}` })}
    >
      <div className="call-head" role="rowgroup">
        <div className="call-row" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div
              key={column}
              role="columnheader"
              className={`call-${column}`}
              aria-sort={order.column !== column ? 'none' : order.descending ? 'descending' : 'ascending'}
            >
              <button type="button" onClick={() => sort(column)}>
                {t(`calls.${column}`)}
                {order.column === column && <Icon name={order.descending ? 'down' : 'up'} size={14} />}
              </button>
            </div>
          ))}
        </div>
      </div>
      <div className="call-body" role="rowgroup" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => (
          <Row
            key={key}
            call={calls[index]!}
            index={index}
            start={start - headHeight}
            height={height}
            isAt={index === place}
            length={lengthOf(calls[index]!, now)}
          />
        ))}
      </div>
    </div>
  );
}

function lengthOf({ answeredAt, startedAt }: Call, now: number): string {
  return span(now - new Date(answeredAt ?? startedAt).getTime());
}

const Row = memo(function Row({
  call,
  index,
  start,
  height,
  isAt,
  length,
}: {
  call: Call;
  index: number;
  start: number;
  height: number;
  isAt: boolean;
  length: string;
}) {
  const { t } = useTranslation();
  const state = stateOf(call);
  const { caller, called, from, to, route, codecs } = call;
  const codec = codecs ? [...new Set([codecs.caller, codecs.callee])].filter(Boolean).join(' ↔ ') : '';
  return (
    <div
      id={`call-${call.call}`}
      className={`call-row ${isAt ? 'call-at' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isAt}
      style={{ height, transform: `translateY(${start}px)` }}
    >
      <div role="gridcell" className="call-state">
        <span className={`call-${state}-state`}>{t(`calls.${state}`)}</span>
        <Flags call={call} />
      </div>
      <div role="gridcell" className="call-caller cut">
        <Link href={`/calls/${encodeURIComponent(call.call)}`} tabIndex={-1}>
          {caller}
        </Link>
      </div>
      <div role="gridcell" className="call-called cut">
        {called}
      </div>
      <div role="gridcell" className="call-from cut">
        {from.trunk}
      </div>
      <div role="gridcell" className="call-to cut">
        {to?.trunk ?? ''}
      </div>
      <div role="gridcell" className="call-route cut">
        {route ?? call.user ?? ''}
      </div>
      <div role="gridcell" className="call-codecs cut">
        {codec}
      </div>
      <div role="gridcell" className="call-length">
        {length}
      </div>
    </div>
  );
});

/** What is special about a call. */
function Flags({ call: { silent, hold, emergency, encrypted, fax } }: { call: Call }) {
  const { t } = useTranslation();
  const flags: readonly (readonly [IconName, string, string])[] = [
    ...(emergency !== undefined ? [['siren', t('calls.help'), 'bad'] as const] : []),
    ...(silent?.length ? [['mute', t('calls.isSilent'), 'bad'] as const] : []),
    ...(hold?.length ? [['pause', t('calls.held'), 'warn'] as const] : []),
    ...(fax ? [['records', t('calls.fax'), 'quiet'] as const] : []),
    ...(encrypted?.length ? [['lock', t('calls.encrypted'), 'quiet'] as const] : []),
  ];
  return flags.map(([icon, name, tone]) => (
    <span
      key={icon}
      role="img"
      aria-label={name}
      title={name}
      style={{ color: `var(--tandem-${tone})`, lineHeight: 0 }}
    >
      <Icon name={icon} size={16} />
    </span>
  ));
}
