import { branchSurvivability } from './branch-survivability.ts';
import type { Story } from './story.ts';

/** By the name of the example. */
export const stories: Readonly<Record<string, Story>> = {
  'branch-survivability': branchSurvivability,
};
