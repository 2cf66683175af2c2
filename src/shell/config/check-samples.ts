import { type Configuration, HelpingRouter, judge } from '#engine/ports';
import { fault } from './problems.ts';
import type { Source } from './source.ts';

/** Makes the sample calls of a sound file, and tells which have another outcome than they should. */
export function checkSamples(configuration: Configuration, { problems, tree, valueAt }: Source): void {
  const { samples = [] } = configuration;
  if (samples.length === 0) return;
  const router = new HelpingRouter(configuration);
  for (const [index, sample] of samples.entries()) {
    const { differences } = judge(router, sample);
    const path = ['tests', index];
    if (differences.length > 0)
      problems.add(fault('TDM-1320', `${differences.join('; ')}.`), valueAt(path), path, tree);
  }
}
