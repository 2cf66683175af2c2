import { ActionIcon, Group } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icon.tsx';

/** The list with one entry elsewhere; `to`: its place then. */
export function inOrder<T>(list: readonly T[], from: number, to: number): T[] {
  return list.toSpliced(from, 1).toSpliced(to, 0, list[from]!);
}

/** Entries that are dragged onto each other's places. `onMove`: from which place to which. */
export function useOrder(onMove: (from: number, to: number) => void) {
  const [held, setHeld] = useState<number>();
  const [over, setOver] = useState<number>();
  const leave = () => {
    setHeld(undefined);
    setOver(undefined);
  };
  return {
    /** Of what can be dropped on: a row. */
    place: (at: number) => ({
      'data-drop': held === undefined || over !== at || held === at ? undefined : held < at ? 'below' : 'above',
      onDragOver: (event: DragEvent) => {
        if (held === undefined) return;
        event.preventDefault();
        setOver(at);
      },
      onDrop: (event: DragEvent) => {
        if (held === undefined) return;
        event.preventDefault();
        if (held !== at) onMove(held, at);
        leave();
      },
    }),
    /** Of what it is taken by. */
    grip: (at: number) => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.effectAllowed = 'move';
        // Without something to carry, some browsers carry nothing.
        event.dataTransfer.setData('text/plain', String(at));
        setHeld(at);
      },
      onDragEnd: leave,
    }),
  };
}

interface MoversProps {
  name: string;
  at: number;
  of: number;
  onMove: (from: number, to: number) => void;
  grip: object;
}

/** By a pointer, or by two buttons that keep the focus at either end. */
export function Movers({ name, at, of, onMove, grip }: MoversProps) {
  const { t } = useTranslation();
  const button = (by: -1 | 1) => {
    const to = at + by;
    const isEnd = to < 0 || to >= of;
    return (
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        aria-label={t(by < 0 ? 'objects.earlier' : 'objects.later', { name })}
        aria-disabled={isEnd}
        {...(isEnd && { 'data-disabled': true })}
        onClick={() => !isEnd && onMove(at, to)}
      >
        <Icon name={by < 0 ? 'up' : 'down'} />
      </ActionIcon>
    );
  };
  return (
    <Group gap={2} wrap="nowrap" component="span" display="inline-flex" className="movers">
      <span className="grip" title={t('objects.drag')} {...grip}>
        <Icon name="grip" />
      </span>
      {button(-1)}
      {button(1)}
    </Group>
  );
}
