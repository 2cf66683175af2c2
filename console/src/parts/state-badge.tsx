import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'accent';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  bad: 'cross',
  warn: 'alert',
  quiet: 'info',
  accent: 'info',
};

/** A state by shape, colour and word: none of them alone. */
export function StateBadge({
  tone,
  icon = icons[tone],
  wraps = false,
  children,
}: {
  tone: Tone;
  icon?: IconName;
  /** A sentence, and no word or two. */
  wraps?: boolean;
  children: ReactNode;
}) {
  return (
    <Group gap={6} wrap="nowrap" c={`var(--tandem-${tone})`} display="inline-flex">
      <Icon name={icon} size={16} />
      <Text span size="sm" fw={600} {...(!wraps && { className: 'nowrap' })}>
        {children}
      </Text>
    </Group>
  );
}
