import { readFileSync } from 'node:fs';
import { hashOf, replaceFile, type Version } from '#shell/config-history';
import { Problem } from '../problem.ts';
import type { Services } from '../services.ts';
import { examine } from './examine.ts';
import type { Examination } from './examined.ts';
import { oneByOne } from './one-by-one.ts';

export interface Commit {
  readonly text: string;
  /** The hash of the file that it was made from: two who edit do not overwrite each other. */
  readonly base: string;
  readonly who: string;
  readonly reason: string;
  readonly by: 'commit' | 'rollback';
  /** Sample calls of which something else may become. */
  readonly acknowledged: readonly string[];
  /** The signalling process may be started again where some of it wants that; calls outlive it. */
  readonly restart: boolean;
}

export interface Committed {
  readonly version: Version;
  readonly differences: Examination['differences'];
}

/** Of all who commit: what one is about to write may be what the other began with. */
const inTurn = oneByOne();

/** Writes the file and has the program take it: all of it, or nothing is changed. */
export function commit(services: Services, what: Commit): Promise<Committed> {
  return inTurn(() => committed(services, what));
}

/** What stands in the file, which has to be what it was made from. */
function present({ file }: Services, { base }: Commit): string {
  const text = readFileSync(file, 'utf8');
  if (hashOf(text) !== base)
    throw new Problem(
      412,
      'The configuration was changed by somebody else meanwhile: look at it, and bring yours up to date.',
    );
  return text;
}

async function committed(services: Services, what: Commit): Promise<Committed> {
  const { file, history, wall } = services;
  present(services, what);
  const examined = await examine(what.text, services);
  refuseUnsound(examined.findings);
  const restarts = examined.differences.filter(({ effect }) => effect === 'restart');
  if (restarts.length > 0 && !what.restart)
    throw new Problem(
      409,
      'Some of it holds only when the signalling process is started again: commit it with `restart`. Calls outlive that.',
      restarts.map(({ path }) => ({ place: path.join(' '), detail: 'holds after a restart' })),
    );
  const unseen = examined.samples.filter(({ name }) => !what.acknowledged.includes(name));
  if (unseen.length > 0)
    throw new Problem(
      409,
      'Something else becomes of sample calls: acknowledge each by its name if that is meant.',
      unseen.map(({ name, was, is }) => ({
        place: name,
        detail: `${was ?? 'cannot be made'} -> ${is ?? 'cannot be made'}`,
      })),
    );

  // To examine it takes a while.
  const before = present(services, what);
  const { who, reason, by } = what;
  // Known before it runs: who hears that another configuration holds looks here for who made it.
  const version = history.add({ at: wall(), who, reason, by, differences: examined.differences.length }, what.text);
  replaceFile(file, what.text);
  const { taken, text: said } = await services.reload(what.restart, what.acknowledged);
  if (!taken) {
    history.remove(version.id);
    // Somebody may have written it by other means since.
    if (hashOf(readFileSync(file, 'utf8')) !== version.hash)
      throw new Problem(
        409,
        `The running program does not take it, and the file was written by somebody else meanwhile: ${said}`,
      );
    replaceFile(file, before);
    throw new Problem(409, `The running program does not take it, and the file is as it was: ${said}`);
  }
  return { version, differences: examined.differences };
}

function refuseUnsound(findings: Examination['findings']): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  throw new Problem(
    422,
    errors.length === 1 ? 'The configuration has a fault.' : `The configuration has ${errors.length} faults.`,
    errors.map(({ code, line, place, message, cure }) => ({
      place: `line ${line}${place === '' ? '' : `: ${place}`}`,
      code,
      detail: `${message} ${cure}`,
    })),
  );
}
