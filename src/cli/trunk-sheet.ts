import type { Command } from 'commander';
export function registerSheet(_trunk: Command): void {}
