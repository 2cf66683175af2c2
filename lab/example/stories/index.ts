import { branchSurvivability } from './branch-survivability.ts';
import type { Story } from './story.ts';
import { twoCentral } from './two-central.ts';

/** By the name of the example. */
export const stories: Readonly<Record<string, Story>> = {
  'branch-survivability': branchSurvivability,
  'two-central': twoCentral,
};
