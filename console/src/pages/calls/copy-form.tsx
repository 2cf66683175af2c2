import { Alert, Button, Checkbox, Group, NativeSelect, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client.ts';
import type { CopyRights } from '../../api/copy-rights.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useFormats } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { told } from '../../parts/toasts.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useTrunks } from '../trunks/trunks-data.ts';

interface CopyFormProps {
  /** Which call: one that stands, or the next that fits. */
  of: { readonly call: string } | { readonly trunk: string; readonly number: string };
  rights: CopyRights;
  onClose: () => void;
}

const longestWait = 1_440;
/** Octets in one of those that people are asked for. */
const megabyte = 1_000_000;

/** As the API takes it. */
const numberForm = /^[+A-Za-z0-9][A-Za-z0-9._#*-]*$/;

function isWithin(value: number | string, most: number): value is number {
  return typeof value === 'number' && value >= 1 && value <= most;
}

/** Asks for a copy of what is said, with a reason and within limits, after a warning. */
export function CopyForm({ of, rights, onClose }: CopyFormProps) {
  const { t } = useTranslation();
  const { dateAndTime } = useFormats();
  const queries = useQueryClient();
  const { data: trunks = [] } = useTrunks();
  const isNext = !('call' in of);
  const most = {
    seconds: rights.seconds ?? 1,
    megabytes: Math.max(1, Math.floor((rights.size ?? megabyte) / megabyte)),
  };
  const [reason, setReason] = useState('');
  const [seconds, setSeconds] = useState<number | string>(most.seconds);
  const [megabytes, setMegabytes] = useState<number | string>(most.megabytes);
  const [minutes, setMinutes] = useState<number | string>(60);
  const [trunk, setTrunk] = useState(isNext ? of.trunk : '');
  const [number, setNumber] = useState(isNext ? of.number : '');
  const [keys, setKeys] = useState(false);
  const isLong = !isWithin(seconds, most.seconds);
  const isLarge = !isWithin(megabytes, most.megabytes);
  const isLate = isNext && !isWithin(minutes, longestWait);
  const isWhich = !isNext || trunk !== '' || number.trim() !== '';
  const isNumber = number.trim() === '' || numberForm.test(number.trim());
  const mayGo = reason.trim().length >= 3 && !isLong && !isLarge && !isLate && isWhich && isNumber;
  const begin = useMutation({
    mutationFn: async () => {
      const order = {
        reason,
        seconds: seconds as number,
        ...(megabytes !== most.megabytes && { size: (megabytes as number) * megabyte }),
        keys,
      };
      if (!isNext) {
        const path = { call: of.call };
        await answer(api.POST('/api/v1/calls/{call}/media-capture', { params: { path }, body: order }));
        return t('copies.begun');
      }
      const what = { ...(trunk !== '' && { trunk }), ...(number.trim() !== '' && { number: number.trim() }) };
      const body = { ...order, ...what, minutes: minutes as number };
      const { until } = await answer(api.POST('/api/v1/media-captures/armed', { body }));
      return t('copies.armed', { until: dateAndTime(until) });
    },
    onSuccess: (said) => {
      told(said);
      onClose();
    },
    onSettled: () => {
      if (!isNext) void queries.invalidateQueries({ queryKey: ['call', of.call] });
      void queries.invalidateQueries({ queryKey: ['media-captures'] });
    },
  });
  return (
    <Dialog onClose={onClose} title={t(isNext ? 'copies.nextTitle' : 'copies.askTitle')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (mayGo) begin.mutate();
        }}
      >
        <Stack gap="sm">
          <Alert color="red" icon={<Icon name="alert" size={18} />} title={t('copies.warning')}>
            {t('copies.warningNote')}
          </Alert>
          {isNext && (
            <>
              <NativeSelect
                label={t('copies.trunk')}
                description={t('copies.trunkNote')}
                value={trunk}
                onChange={({ currentTarget }) => setTrunk(currentTarget.value)}
                data={[
                  { value: '', label: t('copies.anyTrunk') },
                  ...[...new Set([...trunks.map(({ name }) => name), trunk])].filter((name) => name !== '').sort(),
                ]}
              />
              <TextInput
                label={t('copies.number')}
                description={t('copies.numberNote')}
                value={number}
                onChange={({ currentTarget }) => setNumber(currentTarget.value)}
                maxLength={100}
                spellCheck={false}
                error={!isNumber ? t('copies.numberWrong') : !isWhich && t('copies.whichMissing')}
              />
              <NumberInput
                label={t('copies.minutes')}
                value={minutes}
                onChange={setMinutes}
                min={1}
                max={longestWait}
                error={isLate && t('copies.secondsWrong', { most: longestWait })}
              />
            </>
          )}
          <Textarea
            label={t('copies.reason')}
            description={t('copies.reasonNote')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          <NumberInput
            label={t('copies.seconds')}
            value={seconds}
            onChange={setSeconds}
            min={1}
            max={most.seconds}
            error={isLong && t('copies.secondsWrong', { most: most.seconds })}
          />
          <NumberInput
            label={t('copies.megabytes')}
            value={megabytes}
            onChange={setMegabytes}
            min={1}
            max={most.megabytes}
            error={isLarge && t('copies.secondsWrong', { most: most.megabytes })}
          />
          {rights.keys && (
            <Checkbox
              label={t('copies.keys')}
              checked={keys}
              onChange={(event) => setKeys(event.currentTarget.checked)}
            />
          )}
          {begin.error && <Trouble error={begin.error} title={t('copies.beginFailed')} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button color="red" type="submit" loading={begin.isPending} disabled={!mayGo}>
              {t(isNext ? 'copies.wait' : 'copies.begin')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
