import { Anchor, Button, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams, useSearch } from 'wouter';
import {
  addressOf,
  objectsOf,
  placeOf,
  type Section,
  stepOf,
  titleOf,
  usualKeys,
} from '../../configuration/objects.ts';
import { useContents, useDraft, useEdit, useFormSchema } from '../../configuration/queries.ts';
import { type Schema, schemaOf } from '../../configuration/schema.ts';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { Disable } from './disable.tsx';
import { Effective } from './effective.tsx';
import { errorsOf, Found, foundBelow } from './found.tsx';
import { ObjectForm, treeOf } from './object-form.tsx';
import { CommitDraft } from './pending.tsx';

/** One object of the file, or a new one (`?new`), as a form; and what holds of it. */
export default function ObjectPage() {
  const { t } = useTranslation();
  const { section = '', name: which = '' } = useParams<{ section: string; name: string }>();
  const asked = new URLSearchParams(useSearch());
  const isNew = asked.has('new');
  const [, go] = useLocation();
  const { data: contents, error, refetch } = useContents();
  const { data: rawSchema, error: schemaError } = useFormSchema();
  const { data: draft } = useDraft();
  const remove = useEdit();
  const failed = error ?? schemaError;
  if (!contents || !rawSchema) return failed ? <Trouble error={failed} onRetry={() => void refetch()} /> : <Loading />;
  const root = rawSchema as Schema;
  const tree = treeOf(contents.tree);
  const { schema } = schemaOf(section, root);
  const name = decodeURIComponent(which);
  const all = objectsOf(tree, section);
  const index = isNew ? -1 : all.findIndex((one) => addressOf(section, one) === name);
  const title = t(`objects.sections.${section as Section}`);
  if (index < 0 && !isNew)
    return (
      <Empty
        icon="settings"
        title={t('objects.gone', { name })}
        action={
          <Anchor component={Link} href={`/objects/${section}`}>
            {title}
          </Anchor>
        }
      />
    );
  const path = placeOf(tree, section);
  // What is known of a new one: the site it was asked for at.
  const given = Object.fromEntries(
    [...asked].filter(([key]) => key !== 'name' && schema.properties?.[key] !== undefined),
  );
  const object = isNew ? given : all[index]!;
  const found = isNew ? [] : foundBelow(draft?.examination.findings, section, index);
  const step = stepOf(section, object, index);
  const disabled = typeof object.disabled === 'string' ? object.disabled : undefined;
  const mayBeDisabled = schema.properties?.disabled !== undefined && !isNew;
  const usual = usualKeys[section as Section];
  return (
    <>
      <PageTitle
        title={isNew ? t('objects.new', { section: title }) : titleOf(section, object)}
        note={
          <Anchor component={Link} href={`/objects/${section}`} size="sm">
            {title}
          </Anchor>
        }
      >
        {mayBeDisabled && disabled === undefined && <Disable path={[...path, name]} value={undefined} />}
        {!isNew && (
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate([{ path: [...path, step], was: object }], { onSuccess: () => go(`/objects/${section}`) })
            }
          >
            {t('objects.remove')}
          </Button>
        )}
        <CommitDraft />
      </PageTitle>
      {remove.error && <Trouble error={remove.error} />}
      {mayBeDisabled && disabled !== undefined && <Disable path={[...path, name]} value={disabled} />}
      <Found found={found} />
      {isNew ? (
        <ObjectForm
          {...{ path, tree, schema, root }}
          name={undefined}
          before={object}
          isNew
          errors={new Map()}
          {...(usual && { usual })}
          onSaved={(made) =>
            go(
              asked.get('from') === 'map'
                ? '/map?edit'
                : `/objects/${section}/${encodeURIComponent(addressOf(section, made))}`,
            )
          }
        />
      ) : (
        <Tabs defaultValue="form" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="form">{t('objects.form')}</Tabs.Tab>
            <Tabs.Tab value="effective">{t('objects.effective')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="form">
            <ObjectForm
              {...{ path, tree, schema, root }}
              name={step}
              before={object}
              errors={errorsOf(found)}
              {...(usual && { usual })}
            />
          </Tabs.Panel>
          <Tabs.Panel value="effective">
            <Effective section={section} name={String(step)} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}
