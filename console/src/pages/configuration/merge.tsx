import { Button, Fieldset, Group, Radio, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Conflict, merge, merged, type Region, type Take, takes } from '../../configuration/merge.ts';
import { save } from '../../parts/save.ts';

interface MergeProps {
  /** What both began with; undefined: it is not known. */
  base: string | undefined;
  mine: string;
  theirs: string;
  isBusy: boolean;
  onMerged: (text: string) => void;
}

/** Lines around a difference that are shown. */
const around = 2;

/** One text of two: what one alone changed is in it, what both changed is asked about, place by place. */
export function Merge({ base, mine, theirs, isBusy, onMerged }: MergeProps) {
  const { t } = useTranslation();
  const regions = useMemo(() => merge(base, mine, theirs), [base, mine, theirs]);
  const [taken, setTaken] = useState<ReadonlyMap<number, Take>>(new Map());
  const conflicts = regions.flatMap(({ kind }, at) => (kind === 'conflict' ? [at] : []));
  const text = merged(regions, taken);
  const left = conflicts.filter((at) => !taken.has(at)).length;
  const lines = useMemo(() => linesOf(regions), [regions]);
  return (
    <Stack gap="sm">
      <Text size="sm">{t('merge.note')}</Text>
      {regions.map((region, at) => {
        if (region.kind === 'same') return null;
        const line = lines[at]!;
        const before = regions[at - 1]?.kind === 'same' ? tail(regions[at - 1]!) : [];
        return (
          <Fieldset
            // biome-ignore lint/suspicious/noArrayIndexKey: regions are told by their places.
            key={at}
            className="merge surface"
            legend={t(region.kind === 'conflict' ? 'merge.conflict' : `merge.${region.kind}`, { line })}
          >
            {region.kind === 'conflict' ? (
              <Ask
                region={region}
                before={before}
                taken={taken.get(at)}
                onTake={(take) => setTaken((all) => new Map(all).set(at, take))}
              />
            ) : (
              <>
                <Lines lines={before} />
                <Lines lines={region.was} kind="gone" />
                <Lines lines={region.lines} kind="new" />
              </>
            )}
          </Fieldset>
        );
      })}
      <Group gap="xs">
        <Button
          size="xs"
          disabled={text === undefined}
          loading={isBusy}
          onClick={() => text !== undefined && onMerged(text)}
        >
          {t('merge.take')}
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => save(new Blob([mine], { type: 'application/yaml' }), 'tandem-mine.yaml')}
        >
          {t('merge.save')}
        </Button>
        <Text size="sm" role="status">
          {t('merge.left', { count: left })}
        </Text>
      </Group>
    </Stack>
  );
}

interface AskProps {
  region: Conflict;
  before: readonly string[];
  taken: Take | undefined;
  onTake: (take: Take) => void;
}

function Ask({ region, before, taken, onTake }: AskProps) {
  const { t } = useTranslation();
  return (
    <>
      <Lines lines={before} />
      <div className="merge-sides">
        {(['mine', 'theirs'] as const).map((side) => (
          <div key={side}>
            <Text size="xs" fw={600}>
              {t(`merge.sides.${side}`)}
            </Text>
            {region[side].length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('merge.nothing')}
              </Text>
            ) : (
              <Lines lines={region[side]} kind="new" />
            )}
          </div>
        ))}
      </div>
      <Radio.Group
        label={t('merge.which')}
        value={taken ?? null}
        onChange={(value) => onTake(takes.find((one) => one === value)!)}
        mt="xs"
      >
        <Group gap="md" mt={4}>
          {takes
            .filter((one) => !one.includes('-') || (region.mine.length > 0 && region.theirs.length > 0))
            .map((one) => (
              <Radio key={one} value={one} label={t(`merge.takes.${one}`)} />
            ))}
        </Group>
      </Radio.Group>
    </>
  );
}

function Lines({ lines, kind }: { lines: readonly string[]; kind?: 'gone' | 'new' }) {
  const { t } = useTranslation();
  if (lines.length === 0) return null;
  return (
    <div className={`merge-lines ${kind === undefined ? '' : `diff-${kind}`}`}>
      {kind && <span className="sr">{t(kind === 'gone' ? 'configuration.was' : 'configuration.is')} </span>}
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are told by their places.
        <div key={at}>{line === '' ? '\u00a0' : line}</div>
      ))}
    </div>
  );
}

function tail(region: Region): readonly string[] {
  return region.kind === 'conflict' ? [] : region.lines.slice(-around);
}

/** In which line of the text that both began with each begins, from 1. */
function linesOf(regions: readonly Region[]): readonly number[] {
  let line = 1;
  return regions.map(({ was }) => {
    const here = line;
    line += was.length;
    return here;
  });
}
