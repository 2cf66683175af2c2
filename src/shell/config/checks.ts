import { checkBypass } from './check-bypass.ts';
import type { Context } from './check-context.ts';
import { checkDecisions } from './check-decisions.ts';
import { checkDevices } from './check-devices.ts';
import { checkEmergency } from './check-emergency.ts';
import { checkListeners } from './check-listeners.ts';
import { checkLists } from './check-lists.ts';
import { checkHealth, checkManagement } from './check-management.ts';
import { checkMedia } from './check-media.ts';
import { checkNodes } from './check-nodes.ts';
import { checkDialPlans, checkRouteNumbers } from './check-numbers.ts';
import { checkPairs } from './check-pairs.ts';
import { checkPeople } from './check-people.ts';
import { checkPlaces } from './check-places.ts';
import { checkProfiles } from './check-profiles.ts';
import { checkReferences } from './check-references.ts';
import { checkRights } from './check-rights.ts';
import { checkSources } from './check-sources.ts';
import { checkTracing } from './check-tracing.ts';
import { checkTrunks } from './check-trunks.ts';
import { asWritten, type Draft } from './draft.ts';
import type { Files } from './files.ts';
import type { Inheritance } from './inherit.ts';
import { namesIn } from './names.ts';
import { peopleOf } from './people.ts';
import { fault, type Report, type ReportIn } from './problems.ts';
import { checkRoutes } from './reach.ts';
import type { Source } from './source.ts';

/** Checks what only shows when entries are seen together. Entries that are not sound are passed over. */
export function checkTogether(
  draft: Draft,
  source: Source,
  world: { files: Files; now: number; originOf: Inheritance['originOf'] },
): void {
  const report: Report = (code, path, message, cure) => {
    const written = asWritten(source.tree, path);
    const from = world.originOf(path);
    const whole = from === undefined ? message : `${message.replace(/\.$/, '')}; \`${path[2]}\` is that of ${from}.`;
    source.problems.add(fault(code, whole, cure), source.valueAt(written), written, source.tree);
  };
  const reportIn: ReportIn = (at, code, path, message, cure) =>
    source.problems.addIn(at, fault(code, message, cure), path, source.tree);
  const context: Context = { draft, tree: source.tree, report, reportIn, ...world };
  const people = peopleOf(context);
  checkNames(source.tree, report);
  const listeners = checkListeners(context);
  const trunks = checkTrunks(context, listeners);
  checkReferences(context, people);
  checkPlaces(context, people);
  checkPeople(context, people);
  checkDevices(context, people);
  checkDialPlans(context);
  checkRouteNumbers(context);
  checkRights(context);
  checkLists(context);
  checkDecisions(context);
  checkEmergency(context, trunks, people);
  checkSources(context, listeners, trunks);
  checkPairs(context, listeners, trunks);
  checkNodes(context, listeners, trunks);
  checkProfiles(context, listeners, trunks);
  checkMedia(context, listeners, trunks);
  checkBypass(context, trunks);
  checkManagement(context, listeners);
  checkHealth(context, listeners);
  checkTracing(context);
  if (draft.sip && draft.sip.t2 < draft.sip.t1) report('TDM-1211', ['sip', 't2'], 'T2 is shorter than T1.');
  checkRoutes(draft, source.tree, report);
}

/** Routes name trunks and groups alike. */
const spaces = [
  ['listeners'],
  ['trunks', 'groups'],
  ['routes'],
  ['sites'],
  ['nodes', 'pools'],
  ['dial-plans'],
  ['policies'],
  ['tests'],
];

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
