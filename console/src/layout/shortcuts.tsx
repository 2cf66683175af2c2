import { Group, Kbd, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { usePages } from './navigation.tsx';

/** Ms between `g` and what follows it. */
const patience = 1500;

/** `g` and a letter go to a page, `?` tells which; never while somebody writes. */
export function Shortcuts() {
  const { t } = useTranslation();
  const [isOpen, { open, close }] = useDisclosure();
  const [, go] = useLocation();
  const mine = usePages();
  const begun = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === '?') return open();
      if (event.key === 'g') {
        begun.current = event.timeStamp;
        return;
      }
      const page = mine.find(({ letter }) => letter === event.key);
      if (page && event.timeStamp - begun.current < patience && begun.current > 0) {
        event.preventDefault();
        go(page.path);
      }
      begun.current = 0;
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [mine, go, open]);
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['Ctrl', 'K'], t('shortcuts.palette')],
    [['?'], t('shortcuts.help')],
    ...mine.map(({ letter, name }) => [['g', letter], t(`pages.${name}`)] as const),
  ];
  return (
    <Dialog opened={isOpen} onClose={close} title={t('shortcuts.title')}>
      <Stack>
        <Table>
          <Table.Tbody>
            {keys.map(([combination, meaning]) => (
              <Table.Tr key={meaning}>
                <Table.Td>
                  <Group gap={6}>
                    {combination.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>{meaning}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="sm" c="dimmed">
          {t('shortcuts.note')}
        </Text>
      </Stack>
    </Dialog>
  );
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
