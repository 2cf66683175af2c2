import { branchSurvivability } from './branch-survivability.ts';
import { distributed } from './distributed.ts';
import { standAlonePool } from './stand-alone-pool.ts';
import type { Story } from './story.ts';
import { twoCentral } from './two-central.ts';

/** By the name of the example. */
export const stories: Readonly<Record<string, Story>> = {
  'branch-survivability': branchSurvivability,
  distributed,
  'stand-alone-pool': standAlonePool,
  'two-central': twoCentral,
};
