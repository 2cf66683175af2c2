import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Loading } from './loading.tsx';
import { Trouble } from './trouble.tsx';

interface AskedProps<T> {
  query: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  children: (data: T) => ReactNode;
}

/** What was asked for, as soon as it is there; what is there stays while it cannot be had anew. */
export function Asked<T>({ query: { data, error, refetch }, children }: AskedProps<T>) {
  if (data !== undefined) return children(data);
  return error ? <Trouble error={error} onRetry={() => void refetch()} /> : <Loading />;
}

/** Over a column: its words; `forReaders`: not seen, where what is in it says what it is. */
export type Head = string | { readonly text: string; readonly isRight?: boolean; readonly forReaders?: boolean };

interface ListingProps {
  label: string;
  heads: readonly Head[];
  /** `Table.Tr`, each with its key. */
  rows: readonly ReactNode[];
  /** In its place while it has no rows. */
  empty?: ReactNode;
  /** Px below which it scrolls. */
  least?: number;
}

/** A table that a telephone scrolls, by keyboard too. */
export function Listing({ label, heads, rows, empty, least = 560 }: ListingProps) {
  if (rows.length === 0 && empty !== undefined) return empty;
  return (
    <Table.ScrollContainer
      minWidth={least}
      type="native"
      className="surface"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => {
              const { text, isRight = false, forReaders = false } = typeof head === 'string' ? { text: head } : head;
              return (
                <Table.Th key={text} {...(isRight && { ta: 'right' })}>
                  {forReaders ? <span className="sr">{text}</span> : text}
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{rows}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
