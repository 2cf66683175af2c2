import { checkListeners } from './check-listeners.ts';
import { checkMedia } from './check-media.ts';
import { checkDialPlans } from './check-numbers.ts';
import { checkPairs } from './check-pairs.ts';
import { checkProfiles } from './check-profiles.ts';
import { checkSources } from './check-sources.ts';
import { checkTrunks } from './check-trunks.ts';
import { asWritten, type Draft } from './draft.ts';
import type { Files } from './files.ts';
import { namesIn } from './names.ts';
import { fault, type Report } from './problems.ts';
import { checkRoutes } from './reach.ts';
import type { Source } from './source.ts';

/** Checks what only shows when entries are seen together. Entries that are not sound are passed over. */
export function checkTogether(draft: Draft, source: Source, world: { files: Files; now: number }): void {
  const report: Report = (code, path, message, cure) => {
    const written = asWritten(source.tree, path);
    source.problems.add(fault(code, message, cure), source.valueAt(written), written, source.tree);
  };
  const context = { draft, report, ...world };
  checkNames(source.tree, report);
  const listeners = checkListeners(context);
  const trunks = checkTrunks(context, listeners);
  checkDialPlans(context);
  checkSources(context, trunks);
  checkPairs(context, listeners, trunks);
  checkProfiles(context, listeners, trunks);
  checkMedia(context, listeners, trunks);
  if (draft.sip && draft.sip.t2 < draft.sip.t1) report('TDM-1211', ['sip', 't2'], 'T2 is shorter than T1.');
  checkRoutes(draft, source.tree, report);
}

/** Routes name trunks and groups alike. */
const spaces = [['listeners'], ['trunks', 'groups'], ['routes']];

function checkNames(tree: unknown, report: Report): void {
  for (const sections of spaces) {
    const seen = new Map<unknown, string>();
    for (const section of sections) {
      for (const [index, name] of namesIn(tree, section).entries()) {
        if (typeof name !== 'string') continue;
        const other = seen.get(name);
        if (other !== undefined) report('TDM-1201', [section, index, 'name'], `another of the ${other} has this name.`);
        else seen.set(name, section);
      }
    }
  }
}
