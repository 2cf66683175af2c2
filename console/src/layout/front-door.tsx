import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { LanguageChoice, SchemeChoice } from './choices.tsx';

/** Around what is shown to who has not signed in. */
export function FrontDoor({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={400}>
        <Group justify="space-between">
          <Group gap={8}>
            <img src="/icon.svg" alt="" width={28} height={28} />
            <Text fw={700} size="xl">
              Tandem
            </Text>
          </Group>
          <Group gap={4}>
            <SchemeChoice />
            <LanguageChoice />
          </Group>
        </Group>
        <Paper className="surface" p="lg">
          <Stack>
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {note !== undefined && (
                <Text size="sm" c="dimmed">
                  {note}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
