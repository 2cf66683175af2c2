import { Anchor, Button, Group, Table, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'wouter';
import { isTree, type Tree, type Value } from '../../configuration/edits.ts';
import {
  addressOf,
  nameOf,
  objectsOf,
  orderedSections,
  placeOf,
  type Section,
  sections,
  stepOf,
  titleOf,
} from '../../configuration/objects.ts';
import { useContents, useEdit } from '../../configuration/queries.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { inOrder, Movers, useOrder } from '../../parts/order.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { failed, told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { treeOf } from './object-form.tsx';
import { CommitDraft } from './pending.tsx';

/** Rows that are shown at once; who has more objects looks for them. */
const most = 300;

/** The objects of a section, each a way to its form. */
export default function Objects() {
  const { t } = useTranslation();
  const { section = 'trunks' } = useParams<{ section: Section }>();
  const [wanted, setWanted] = useState('');
  const { data, error, refetch } = useContents();
  const edit = useEdit();
  const tree = treeOf(data?.tree);
  const all = objectsOf(tree, section);
  const move = (from: number, to: number) => {
    const names = all.map(nameOf);
    const name = names[from]!;
    const before = inOrder(names, from, to)[to + 1] ?? null;
    edit.mutate([{ path: [...placeOf(tree, section), name], before }], {
      onSuccess: () => told(t('objects.movedTo', { name, at: to + 1, of: names.length })),
      onError: (problem) => failed(name, problem),
    });
  };
  const { place, grip } = useOrder(move);
  if (error && !data) return <Trouble error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  const found = all.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted.toLowerCase()));
  const title = t(`objects.sections.${section}`);
  const isOrdered = orderedSections.includes(section);
  const add = (
    <Button component={Link} href={`/objects/${section}/-?new`} variant="default">
      {t('objects.addByForm')}
    </Button>
  );
  return (
    <>
      <PageTitle title={title} note={t(`objects.notes.${section}`)}>
        {section === 'trunks' && (
          <Button component={Link} href="/new-trunk" variant="default">
            {t('pages.wizard')}
          </Button>
        )}
        {add}
        <CommitDraft />
      </PageTitle>
      <Group component="nav" gap="xs" mb="md" aria-label={t('objects.kinds')}>
        {sections.map((one) => (
          <Button
            key={one}
            component={Link}
            href={`/objects/${one}`}
            size="compact-sm"
            variant={one === section ? 'light' : 'subtle'}
            {...(one === section && { 'aria-current': 'page' as const })}
          >
            {t(`objects.sections.${one}`)} ({objectsOf(tree, one).length})
          </Button>
        ))}
      </Group>
      {all.length === 0 ? (
        <Empty icon="settings" title={t('objects.none', { section: title })} action={add}>
          {t(`objects.notes.${section}`)}
        </Empty>
      ) : (
        <>
          <TextInput
            type="search"
            mb="sm"
            maw={360}
            label={t('objects.find')}
            value={wanted}
            onChange={({ currentTarget }) => setWanted(currentTarget.value)}
          />
          <Table.ScrollContainer
            minWidth={420}
            type="native"
            className="surface"
            tabIndex={0}
            role="region"
            aria-label={title}
          >
            <Table highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  {isOrdered && <Table.Th>{t('objects.order')}</Table.Th>}
                  <Table.Th>{t('objects.name')}</Table.Th>
                  <Table.Th>{t('objects.says')}</Table.Th>
                  <Table.Th ta="right">{t('objects.line')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.slice(0, most).map((one) => (
                  <Table.Tr key={addressOf(section, one)} {...(isOrdered && place(all.indexOf(one)))}>
                    {isOrdered && (
                      <Table.Td className="nowrap">
                        {all.indexOf(one) + 1}{' '}
                        {wanted === '' && (
                          <Movers
                            name={nameOf(one)}
                            at={all.indexOf(one)}
                            of={all.length}
                            onMove={move}
                            grip={grip(all.indexOf(one))}
                          />
                        )}
                      </Table.Td>
                    )}
                    <Table.Td>
                      <Anchor
                        component={Link}
                        href={`/objects/${section}/${encodeURIComponent(addressOf(section, one))}`}
                        fw={600}
                      >
                        {titleOf(section, one)}
                      </Anchor>
                      {one.disabled !== undefined && (
                        <div>
                          <StateBadge tone="warn" icon="pause">
                            {t('objects.disabled')}
                          </StateBadge>
                        </div>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" c="dimmed" className="break">
                        {summary(one)}
                      </Text>
                    </Table.Td>
                    <Table.Td ta="right">{data.lines[`${section} ${stepOf(section, one, all.indexOf(one))}`]}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {found.length > most && (
            <Text size="sm" c="dimmed" mt="xs">
              {t('objects.moreThere', { count: found.length - most })}
            </Text>
          )}
        </>
      )}
    </>
  );
}

/** An object in a line, without what is secret. */
function summary(object: Tree): string {
  return Object.entries(object)
    .filter(([key]) => key !== 'name' && key !== 'disabled' && key !== 'between')
    .map(([key, value]) => `${key}: ${textOf(key, value)}`)
    .join(' · ')
    .slice(0, 240);
}

function textOf(key: string, value: Value): string {
  if (/password|secret/.test(key)) return '•••';
  if (typeof value === 'string') return value;
  if (!isTree(value)) return value.map((one) => textOf(key, one)).join(', ');
  return Object.entries(value)
    .map(([inner, one]) => `${inner} ${textOf(inner, one)}`)
    .join(', ');
}
