import { branchStory } from '../branch.ts';
import type { Case } from '../harness.ts';

/** In network namespaces, which root alone may make. */
const isRoot = process.getuid?.() === 0;

const cut: Case = {
  name: 'a branch whose link is cut during calls goes on by its own trunk, and goes back by itself; a phone of a dead centre registers there',
  limit: 180,
  async run() {
    await branchStory();
  },
};

export const branch: readonly Case[] = isRoot ? [cut] : [];
