import type { Difference } from '#policy/changes';
import { formatProblems } from '#shell/config';
import type { Reloaded } from './reload.ts';

/** Longer values are told by their beginning. */
const longest = 60;

/** For the operator, without the last line's end. */
export function reloadText(reloaded: Reloaded): string {
  switch (reloaded.outcome) {
    case 'unsound': {
      const why = reloaded.reason === undefined ? formatProblems(reloaded.problems) : `tandem: ${reloaded.reason}\n`;
      return `${why}tandem: the configuration is not taken; the one that runs goes on unchanged`;
    }
    case 'samples':
      return `${formatProblems(reloaded.problems)}tandem: the configuration is not taken: a sample call has another outcome than the file says; the one that runs goes on unchanged`;
    case 'needs-restart':
      return [
        'tandem: the configuration is not taken: this part of it holds only after a restart, and nothing else was changed',
        ...reloaded.differences.map(line),
      ].join('\n');
    case 'taken': {
      const { differences } = reloaded;
      const warnings = formatProblems(reloaded.problems);
      if (differences.length === 0) return `${warnings}tandem: the configuration was read again: no difference`;
      const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
      return [`${warnings}tandem: the configuration was read again: ${count}`, ...differences.map(line)].join('\n');
    }
  }
}

function line({ path, was, is, effect }: Difference): string {
  const change =
    was === undefined
      ? `new: ${shown(is)}`
      : is === undefined
        ? `gone: ${shown(was)}`
        : `${shown(was)} -> ${shown(is)}`;
  const when = { live: 'at once', 'new-calls': 'for new calls', restart: 'after a restart' }[effect];
  return `  ${path.join(' ')} (${when}): ${change}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
