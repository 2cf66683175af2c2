import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Rows up to which a table has all of them: a browser finds text in them, and columns are as wide as what is in them. */
const few = 150;

export interface InSight<T> {
  /** Of the element that the rows are in. */
  readonly ref: RefObject<HTMLTableSectionElement | null>;
  /** Those that are near what is seen, each with its place. */
  readonly rows: readonly { readonly item: T; readonly index: number }[];
  /** Room for those above, and for those below. */
  readonly above: ReactNode;
  readonly below: ReactNode;
  /** Of each row that is shown, with `data-index`: rows need not be of one height. Undefined: all are shown. */
  readonly measure: ((row: Element | null) => void) | undefined;
}

/** Rows of a table that the page scrolls, of as many as there are. `height`: px of a row, about. */
export function useInSight<T>(items: readonly T[], height: number): InSight<T> {
  const ref = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  const usual = useRef(height);
  const isLong = items.length > few;
  useLayoutEffect(() => {
    if (isLong && ref.current) setTop(ref.current.getBoundingClientRect().top + scrollY);
  }, [isLong]);
  const virtual = useWindowVirtualizer({
    count: isLong ? items.length : 0,
    estimateSize: () => usual.current,
    overscan: 8,
    scrollMargin: top,
  });
  const hasRows = virtual.getVirtualItems().length > 0;
  // Those that were not seen yet are taken to be as high as those that were: the end is where it seems to be.
  useLayoutEffect(() => {
    const drawn = [...(ref.current?.querySelectorAll('[data-index]') ?? [])];
    if (!isLong || !hasRows || drawn.length === 0) return;
    usual.current = drawn.reduce((sum, row) => sum + row.getBoundingClientRect().height, 0) / drawn.length;
    virtual.measure();
  }, [isLong, hasRows, virtual]);
  if (!isLong)
    return {
      ref,
      rows: items.map((item, index) => ({ item, index })),
      above: null,
      below: null,
      measure: undefined,
    };
  const seen = virtual.getVirtualItems();
  const [first, last] = [seen[0], seen.at(-1)];
  return {
    ref,
    rows: seen.map(({ index }) => ({ item: items[index]!, index })),
    above: <Room height={first ? first.start - top : 0} />,
    below: <Room height={last ? virtual.getTotalSize() + top - last.end : virtual.getTotalSize()} />,
    measure: virtual.measureElement,
  };
}

function Room({ height }: { height: number }) {
  return (
    height > 0 && (
      <tr>
        <td style={{ height, padding: 0 }} />
      </tr>
    )
  );
}
