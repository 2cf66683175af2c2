import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client.ts';
import { cleaned } from '../../configuration/cleaned.ts';
import { adding, editsBetween, isTree, type Tree, valueAt } from '../../configuration/edits.ts';
import { namesFor } from '../../configuration/objects.ts';
import { useEdit } from '../../configuration/queries.ts';
import { below, resolve, type Schema, written } from '../../configuration/schema.ts';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useUnsaved } from '../../parts/unsaved.ts';
import { Field } from './field.tsx';

interface ObjectFormProps {
  /** Of what is edited: the section, and the object's name where it is in a list, or its place where it has none. */
  path: readonly string[];
  name: string | number | undefined;
  tree: Tree;
  before: Tree;
  isNew?: boolean;
  schema: Schema;
  root: Schema;
  /** Shown at once; all unless given. */
  usual?: readonly string[];
  /** What was found, by the path below the object. */
  errors: ReadonlyMap<string, string>;
  onSaved?: (object: Tree) => void;
}

const nothing: ReadonlyMap<string, Schemas['EffectiveSetting']> = new Map();

/** An object asked for key by key; what is changed of it becomes edits of the draft, never a whole text. */
export function ObjectForm({ path, name, tree, before, isNew, schema, root, usual, errors, onSaved }: ObjectFormProps) {
  const { t } = useTranslation();
  const [object, setObject] = useState(before);
  const [isAll, setAll] = useState(false);
  const [wanted, setWanted] = useState('');
  const edit = useEdit();
  const key = JSON.stringify(before);
  // It was changed elsewhere, and is shown as it stands now.
  useEffect(() => setObject(JSON.parse(key)), [key]);
  const section = path[0]!;
  const effective = useQuery({
    queryKey: ['effective', section, name],
    queryFn: () =>
      answer(
        api.GET('/api/v1/configuration/effective', {
          params: { query: { section, of: 'draft', ...(name !== undefined && { name: String(name) }) } },
        }),
      ),
    enabled: !isNew && (name !== undefined || valueAt(tree, path) !== undefined),
    retry: false,
  });
  const holds = useMemo(
    () => (effective.data ? new Map(effective.data.items.map((one) => [one.path.join(' '), one])) : nothing),
    [effective.data],
  );
  const as = (at: readonly (string | number)[], value: Parameters<typeof written>[0]) =>
    written(value, below(schema, at.slice(path.length + (name === undefined ? 0 : 1)).map(String), root), root);
  const after = cleaned(object) as Tree;
  const own = typeof after.name === 'string' ? after.name : undefined;
  const edits = isNew
    ? [adding(tree, path, own, written(after, schema, root))]
    : name === undefined
      ? // Of a section that is not there yet, nothing stands.
        editsBetween(path, valueAt(tree, path), Object.keys(after).length === 0 ? valueAt(tree, path) : after, as)
      : editsBetween([...path, name], before, after, as);

  // A new one that nothing was typed into is not worth a question.
  useUnsaved(!edit.isPending && (isNew ? JSON.stringify(after) !== JSON.stringify(cleaned(before)) : edits.length > 0));

  const keys = Object.keys(schema.properties ?? {});
  const isUsual = (one: string) => usual === undefined || usual.includes(one) || one in before || one in object;
  const has = (one: string) =>
    wanted === '' ||
    `${one} ${resolve(schema.properties?.[one], root).description}`.toLowerCase().includes(wanted.toLowerCase());
  const shown = keys.filter((one) => (isAll ? has(one) : isUsual(one)) && one !== 'disabled');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        edit.mutate(edits, {
          onSuccess: () => {
            told(t('objects.inDraft'));
            onSaved?.(after);
          },
        });
      }}
    >
      <Stack>
        {isAll && (
          <TextInput
            label={t('objects.search')}
            value={wanted}
            onChange={({ currentTarget }) => setWanted(currentTarget.value)}
            type="search"
          />
        )}
        <div className="settings">
          {shown.map((one) => (
            <Field
              key={one}
              name={one}
              schema={schema.properties![one]!}
              root={root}
              value={valueAt(object, [one])}
              required={schema.required?.includes(one) ?? false}
              path={one}
              effective={holds}
              names={(of) => namesFor(tree, of)}
              errors={errors}
              // Routes and sites name it.
              isLocked={one === 'name' && !isNew}
              onChange={(value) =>
                setObject((now) => {
                  const { [one]: _, ...rest } = now;
                  return value === undefined ? rest : one in now ? { ...now, [one]: value } : { ...rest, [one]: value };
                })
              }
            />
          ))}
        </div>
        {usual && keys.some((one) => !usual.includes(one)) && (
          <Group>
            <Button variant="default" onClick={() => setAll((now) => !now)} aria-expanded={isAll}>
              {isAll ? t('objects.fewer') : t('objects.all', { count: keys.length })}
            </Button>
          </Group>
        )}
        {edit.error && <Trouble error={edit.error} />}
        <Group className="form-end" justify="flex-end">
          <Button variant="default" disabled={edits.length === 0} onClick={() => setObject(before)}>
            {t('objects.reset')}
          </Button>
          <Button
            type="submit"
            disabled={
              edits.length === 0 || (isNew === true && 'name' in (schema.properties ?? {}) && own === undefined)
            }
            loading={edit.isPending}
          >
            {isNew ? t('objects.addIt') : t('objects.keep', { count: edits.length })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Nothing but what a tree of texts may be. */
export function treeOf(value: unknown): Tree {
  return isTree(value) ? value : {};
}
