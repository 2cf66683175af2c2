import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

/** What a page is, and what can be done on it. */
export function PageTitle({ title, note, children }: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  const said = typeof title === 'string' ? title : undefined;
  // Several windows are told apart, and what one was at is found again.
  useEffect(() => {
    if (said !== undefined) document.title = `${said} · Tandem`;
  }, [said]);
  return (
    <Group justify="space-between" align="flex-end" mb="md" gap="sm">
      <div className="page-words">
        <Title order={1} size="h2">
          {title}
        </Title>
        {note !== undefined && (
          <Text c="dimmed" size="sm">
            {note}
          </Text>
        )}
      </div>
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
