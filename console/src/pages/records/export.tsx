import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { save } from '../../parts/save.ts';
import { failed } from '../../parts/toasts.ts';
import { csvHead, csvLine } from './csv.ts';
import type { RecordQuery } from './filter.ts';

/** Calls of one file: what a spreadsheet opens. */
const mostExported = 100_000;

/** What the filter finds as CSV, read page by page; it may be stopped, and what is there is saved. */
export function Export({ query }: { query: RecordQuery }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const [rows, setRows] = useState<number>();
  const stopped = useRef(false);
  const run = async () => {
    stopped.current = false;
    setRows(0);
    const parts = [csvHead];
    let cursor: string | undefined;
    let read = 0;
    try {
      do {
        const page = await answer(
          api.GET('/api/v1/records', {
            params: { query: { ...query, limit: 1000, ...(cursor !== undefined && { cursor }) } },
          }),
        );
        for (const line of page.items) parts.push(csvLine(line));
        read += page.items.length;
        setRows(read);
        cursor = page.next;
      } while (cursor !== undefined && read < mostExported && !stopped.current);
      save(
        new Blob(parts, { type: 'text/csv;charset=utf-8' }),
        `tandem-records-${new Date().toISOString().slice(0, 10)}.csv`,
      );
    } catch (error) {
      failed(t('records.csvFailed'), error as Error);
    } finally {
      setRows(undefined);
    }
  };
  return rows === undefined ? (
    <Button
      variant="default"
      size="sm"
      leftSection={<Icon name="download" size={16} />}
      title={t('records.csvNote', { count: mostExported })}
      onClick={() => void run()}
    >
      {t('records.csv')}
    </Button>
  ) : (
    <Button
      variant="default"
      size="sm"
      onClick={() => {
        stopped.current = true;
      }}
    >
      {t('records.csvProgress', { count: rows, formatted: count(rows) })} {t('records.stop')}
    </Button>
  );
}
