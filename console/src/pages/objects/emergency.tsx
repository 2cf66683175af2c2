import { Alert, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useContents, useDraft, useFormSchema } from '../../configuration/queries.ts';
import { type Schema, schemaOf } from '../../configuration/schema.ts';
import { Loading } from '../../parts/loading.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import '../configuration/configuration.css';
import { Effective } from './effective.tsx';
import { errorsOf, Found, foundBelow } from './found.tsx';
import { ObjectForm, treeOf } from './object-form.tsx';
import { CommitDraft } from './pending.tsx';

/** Calls for help: the numbers, the places, who hears of it, and the way out. */
export default function Emergency() {
  const { t } = useTranslation();
  const { data: contents, error, refetch } = useContents();
  const { data: rawSchema, error: schemaError } = useFormSchema();
  const { data: draft } = useDraft();
  const failed = error ?? schemaError;
  if (!contents || !rawSchema) return failed ? <Trouble error={failed} onRetry={() => void refetch()} /> : <Loading />;
  const root = rawSchema as Schema;
  const tree = treeOf(contents.tree);
  const found = foundBelow(draft?.examination.findings, 'emergency');
  return (
    <>
      <PageTitle title={t('pages.emergency')} note={t('objects.emergencyNote')}>
        <CommitDraft />
      </PageTitle>
      <Found found={found} />
      {tree.emergency === undefined && (
        <Alert color="blue" mb="md" title={t('objects.noEmergency')}>
          {t('objects.noEmergencyNote')}
        </Alert>
      )}
      <Tabs defaultValue="form" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="form">{t('objects.form')}</Tabs.Tab>
          <Tabs.Tab value="effective" disabled={tree.emergency === undefined}>
            {t('objects.effective')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="form">
          <ObjectForm
            path={['emergency']}
            name={undefined}
            tree={tree}
            before={treeOf(tree.emergency)}
            schema={schemaOf('emergency', root).schema}
            root={root}
            errors={errorsOf(found)}
          />
        </Tabs.Panel>
        <Tabs.Panel value="effective">
          <Effective section="emergency" />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
