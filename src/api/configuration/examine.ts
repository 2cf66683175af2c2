import type { z } from 'zod';
import { atNode, type Configuration, differences, type SampleChange, sampleChanges } from '#engine/ports';
import { type Problem as Finding, loadConfiguration } from '#shell/config';
import type { Services } from '../services.ts';
import type { examination, sampleChange } from './schemas.ts';

export type Examination = z.infer<typeof examination>;

/** What a text would mean, held against what runs. */
export function examine(text: string, { configuration, file, node }: Services): Examination {
  const loaded = loadConfiguration(text, { file, env: process.env });
  const found = loaded.ok ? loaded.warnings : loaded.problems;
  const next = loaded.ok ? partOf(loaded.configuration, node) : undefined;
  const findings = found.map(told);
  if (!next) return { sound: false, findings, differences: [], samples: [] };
  const running = configuration();
  return {
    sound: true,
    findings,
    differences: differences(running, next).map(({ path, ...more }) => ({ path: [...path], ...more })),
    samples: sampleChanges(running, next).map(sampleTold),
  };
}

function partOf(configuration: Configuration, node: string | undefined): Configuration | undefined {
  return node === undefined ? configuration : atNode(configuration, node);
}

function told({ file: _, ...finding }: Finding): Examination['findings'][number] {
  return finding;
}

function sampleTold({ sample, was, is, differences: differs }: SampleChange): z.infer<typeof sampleChange> {
  return {
    name: sample.name,
    ...(was !== undefined && { was }),
    ...(is !== undefined && { is }),
    differences: [...differs],
  };
}
