import { trunkConfiguration } from '../trunk-configuration.ts';
import type { Test } from './context.ts';
import { passed, type StepOutcome, warning } from './report.ts';

/** What the trunk is by its file, defaults written out. */
export async function configuration({ trunk, place }: Test): Promise<StepOutcome> {
  const came = trunkConfiguration(trunk).map(([what, how]) => `${what}: ${how}`);
  const doubts = place.warnings.filter(({ place: where }) => where === `trunk "${trunk.name}"`);
  if (doubts.length === 0) return passed(`${place.file} is sound`, { came });
  return warning(doubts[0]!.message, {
    came,
    todo: doubts.map(({ code, message, cure }) => `${code}: ${message} ${cure}`),
  });
}
