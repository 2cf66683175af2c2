import { type ManipulationRule, ruleFaults } from '#engine/ports';
import { type Fault, fault, type Path } from './problems.ts';
import type { RuleEntry, StepEntry } from './schema-manipulation.ts';

/** From the rules of the file to the engine's, and what is wrong with them. */

type Condition = NonNullable<ManipulationRule['when']>[number];
type Step = ManipulationRule['do'][number];

/** What each step has besides its own key, and what it has to have. */
const steps = {
  add: { needs: ['value'], takes: [] },
  set: { needs: ['value'], takes: [] },
  remove: { needs: [], takes: ['matching'] },
  replace: { needs: ['matching', 'with'], takes: [] },
  copy: { needs: ['to'], takes: [] },
  'sdp-add': { needs: [], takes: ['media'] },
  'sdp-remove': { needs: [], takes: ['media'] },
  'sdp-replace': { needs: ['with'], takes: ['media'] },
  status: { needs: [], takes: ['phrase'] },
} as const satisfies Record<string, { needs: readonly (keyof StepEntry)[]; takes: readonly (keyof StepEntry)[] }>;
type Deed = keyof typeof steps;
const deeds = Object.keys(steps) as Deed[];

/** The rules as the engine has them; only of entries in which nothing is wrong. */
export function rulesOf(entries: readonly RuleEntry[]): readonly ManipulationRule[] {
  return entries.map(ruleOf);
}

function ruleOf({
  name,
  direction,
  methods,
  of,
  statuses,
  dialog,
  call,
  when,
  do: entries,
}: RuleEntry): ManipulationRule {
  return {
    name,
    direction,
    ...(methods && { methods }),
    ...(of && { of }),
    ...(statuses && { statuses }),
    ...(dialog && { dialog }),
    ...(call && { call }),
    ...(when && { when: when.map(conditionOf) }),
    do: entries.map(stepOf),
  };
}

function conditionOf({ part, is, matches, not }: NonNullable<RuleEntry['when']>[number]): Condition {
  if (matches !== undefined) return { kind: 'matches', part, pattern: matches };
  if (not !== undefined) return { kind: 'not', part, pattern: not };
  return { kind: is ?? 'present', part };
}

function stepOf(entry: StepEntry): Step {
  const { value = '', matching, media } = entry;
  const within = media === undefined ? {} : { media };
  if (entry.add !== undefined) return { kind: 'add', part: entry.add, value };
  if (entry.set !== undefined) return { kind: 'set', part: entry.set, value };
  if (entry.remove !== undefined)
    return { kind: 'remove', part: entry.remove, ...(matching === undefined ? {} : { matching }) };
  if (entry.replace !== undefined)
    return { kind: 'replace', part: entry.replace, matching: matching ?? '', value: entry.with ?? '' };
  if (entry.copy !== undefined) return { kind: 'copy', from: entry.copy, part: entry.to ?? '' };
  if (entry['sdp-add'] !== undefined) return { kind: 'sdp-add', value: entry['sdp-add'], ...within };
  if (entry['sdp-remove'] !== undefined) return { kind: 'sdp-remove', matching: entry['sdp-remove'], ...within };
  if (entry['sdp-replace'] !== undefined)
    return { kind: 'sdp-replace', matching: entry['sdp-replace'], value: entry.with ?? '', ...within };
  return { kind: 'status', status: entry.status ?? 0, ...(entry.phrase === undefined ? {} : { phrase: entry.phrase }) };
}

/** What the keys of a fault of the engine's are called in the file. */
function fileKey(path: readonly (string | number)[], rule: RuleEntry): (string | number)[] {
  const [section, index, key, ...rest] = path;
  if (section !== 'do' || typeof index !== 'number' || key === undefined) return [...path];
  const entry = rule.do[index]!;
  const deed = deeds.find((one) => entry[one] !== undefined)!;
  const sdp = deed.startsWith('sdp-');
  const names: Readonly<Record<string, string>> = {
    value: deed === 'sdp-add' ? deed : deed === 'replace' || sdp ? 'with' : 'value',
    matching: sdp ? deed : 'matching',
    from: 'copy',
  };
  return [section, index, names[String(key)] ?? key, ...rest];
}

export interface PlacedFault {
  readonly path: Path;
  readonly fault: Fault;
}

/** Everything that is wrong with the rules; paths begin at their list. */
export function manipulationFaults(entries: readonly RuleEntry[]): readonly PlacedFault[] {
  const found: PlacedFault[] = [];
  const names = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const say = (path: Path, message: string, cure?: string) =>
      found.push({ path: [index, ...path], fault: fault('TDM-1230', `rule "${entry.name}": ${message}`, cure) });
    if (names.has(entry.name)) say(['name'], 'another of the rules has this name.', 'Give it one of its own.');
    names.add(entry.name);
    const shapes = shapeFaults(entry);
    for (const { path, message, cure } of shapes) say(path, message, cure);
    const misshapen = new Set(shapes.map(({ path }) => path.slice(0, 2).join()));
    for (const { path, message, cure } of ruleFaults(ruleOf(entry)))
      if (!misshapen.has(path.slice(0, 2).join())) say(fileKey(path, entry), message, cure);
  }
  return found;
}

interface ShapeFault {
  readonly path: Path;
  readonly message: string;
  readonly cure: string;
}

function shapeFaults({ when = [], do: entries }: RuleEntry): readonly ShapeFault[] {
  const faults: ShapeFault[] = [];
  for (const [at, condition] of when.entries()) {
    const tests = (['is', 'matches', 'not'] as const).filter((key) => condition[key] !== undefined);
    if (tests.length !== 1)
      faults.push({
        path: ['when', at],
        message: tests.length === 0 ? 'it is not said what has to hold.' : `it says ${tests.join(' and ')} at once.`,
        cure: 'Give one of `is`, `matches` and `not`; a second condition is an entry of its own.',
      });
  }
  for (const [at, entry] of entries.entries()) faults.push(...stepFaults(entry, at));
  return faults;
}

function stepFaults(entry: StepEntry, at: number): readonly ShapeFault[] {
  const path = ['do', at];
  const [deed, ...more] = deeds.filter((key) => entry[key] !== undefined);
  if (deed === undefined)
    return [{ path, message: 'it is not said what to do.', cure: `Give one of ${deeds.join(', ')}.` }];
  if (more.length > 0)
    return [
      {
        path: [...path, more[0]!],
        message: `\`${deed}\` and \`${more[0]}\` stand in one step.`,
        cure: 'Make it two steps, each beginning with "- ".',
      },
    ];
  const { needs, takes }: { needs: readonly string[]; takes: readonly string[] } = steps[deed];
  const missing = needs.find((key) => entry[key as keyof StepEntry] === undefined);
  if (missing !== undefined)
    return [{ path, message: `\`${deed}\` comes with \`${missing}\`.`, cure: `Add \`${missing}\`.` }];
  const idle = Object.keys(entry).find((key) => key !== deed && !needs.includes(key) && !takes.includes(key));
  if (idle === undefined) return [];
  const known = [...needs, ...takes].map((key) => `\`${key}\``).join(' and ');
  return [
    {
      path: [...path, idle],
      message: `\`${idle}\` means nothing with \`${deed}\`.`,
      cure: known === '' ? 'Take it out.' : `With \`${deed}\` stands ${known}.`,
    },
  ];
}
