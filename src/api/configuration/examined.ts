import type { z } from 'zod';
import { atNode, type Configuration, differences, type SampleChange, sampleChanges } from '#engine/ports';
import { type Problem as Finding, loadConfiguration } from '#shell/config';
import type { examination, sampleChange } from './schemas.ts';

export type Examination = z.infer<typeof examination>;

/** A text, and what it is held against. */
export interface Question {
  readonly text: string;
  /** Whose neighbours the files are that it names. */
  readonly file: string;
  readonly node: string | undefined;
}

/** Of one answer: who has more faults begins with these. */
const mostFindings = 1_000;

/** What a text would mean, held against what runs. */
export function examined({ text, file, node }: Question, running: Configuration): Examination {
  const loaded = loadConfiguration(text, { file, env: process.env });
  const found = loaded.ok ? loaded.warnings : loaded.problems;
  const next = loaded.ok ? partOf(loaded.configuration, node) : undefined;
  const findings = {
    findings: found.slice(0, mostFindings).map(told),
    ...(found.length > mostFindings && { more: found.length - mostFindings }),
  };
  if (!next) return { sound: false, ...findings, differences: [], samples: [] };
  return {
    sound: true,
    ...findings,
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
