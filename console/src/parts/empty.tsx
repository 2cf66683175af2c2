import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

/** Where there is nothing yet: what would be here, and how it comes here. */
export function Empty({
  icon,
  title,
  children,
  action,
  order = 2,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  order?: 1 | 2;
}) {
  return (
    <Stack className="surface" align="center" ta="center" gap="xs" px="md" py={48}>
      <Text c="dimmed" lh={0}>
        <Icon name={icon} size={40} />
      </Text>
      <Title order={order} size="h4">
        {title}
      </Title>
      <Text c="dimmed" maw={520}>
        {children}
      </Text>
      {action}
    </Stack>
  );
}
