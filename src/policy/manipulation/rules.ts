import { parseNameAddress, parseUri } from '#codec/sip-message';
import type { ManipulationRule } from '#policy/configuration';
import { type CompiledCondition, compileCondition } from './conditions.ts';
import { type Circumstances, copyOf, type Draft } from './draft.ts';
import { type CompiledStep, compileStep } from './steps.ts';
import type { Captured } from './template.ts';

/** What is wrong with a rule, and where in it. */
export interface RuleFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly cure: string;
}

/** What one rule did to one message: a sentence for people, of octets. */
export interface Change {
  readonly rule: string;
  readonly text: string;
}

export const manipulationLimits = {
  /** Octets of a message's header fields and of its body, beyond which rules add nothing. */
  head: 32 * 1024,
  body: 64 * 1024,
  fields: 200,
} as const;

interface CompiledRule {
  readonly rule: ManipulationRule;
  readonly conditions: readonly CompiledCondition[];
  readonly steps: readonly CompiledStep[];
}

/** Everything that is wrong with it. */
export function ruleFaults(rule: ManipulationRule): readonly RuleFault[] {
  return compileRule(rule).faults;
}

function compileRule(rule: ManipulationRule): { readonly compiled: CompiledRule; readonly faults: RuleFault[] } {
  const faults: RuleFault[] = [];
  const conditions: CompiledCondition[] = [];
  const steps: CompiledStep[] = [];
  let groups = 0;
  for (const [index, condition] of (rule.when ?? []).entries()) {
    const compiled = compileCondition(condition);
    if ('wrong' in compiled) {
      const key = compiled.at === 'part' ? 'part' : condition.kind;
      const cure =
        compiled.at === 'part'
          ? 'Name a header field, a part of one, or what else can be asked for.'
          : 'Write a regular expression without look-around and back-references.';
      const what = compiled.at === 'part' ? '' : 'the pattern is not sound: ';
      faults.push({ path: ['when', index, key], message: `${what}${compiled.wrong}.`, cure });
    } else {
      conditions.push(compiled);
      groups += compiled.groups;
    }
  }
  const only = rule.statuses ? 'responses' : rule.of;
  for (const [index, step] of rule.do.entries()) {
    const compiled = compileStep(step);
    if ('key' in compiled) {
      faults.push({ path: ['do', index, compiled.key], message: compiled.message, cure: compiled.cure });
      continue;
    }
    const wrong = misplaced(compiled, rule, only, groups);
    if (wrong) faults.push({ path: ['do', index], ...wrong });
    steps.push(compiled);
  }
  if (rule.statuses && rule.of === 'requests')
    faults.push({ path: ['statuses'], message: 'requests have no status.', cure: 'Leave one of both keys out.' });
  return { compiled: { rule, conditions, steps }, faults };
}

/** What of a step goes against its rule. */
function misplaced(
  step: CompiledStep,
  rule: ManipulationRule,
  only: ManipulationRule['of'],
  groups: number,
): Omit<RuleFault, 'path'> | undefined {
  if (step.identifies && only === 'responses')
    return {
      message: 'responses bear From and To as their request has them (RFC 3261 8.2.6.2), and no Request-URI.',
      cure: 'Change the request, or take the step out.',
    };
  if (step.identifies && rule.dialog === 'inside')
    return {
      message: 'From, To and Request-URI are what they were when the dialog began (RFC 3261 12.2).',
      cure: 'Leave out `dialog: inside`: what is done to the request that begins a dialog holds in all of it.',
    };
  if (step.only === 'responses' && only === 'requests')
    return { message: 'requests have no status.', cure: 'Leave out `of: requests`.' };
  if (step.groups > groups)
    return {
      message: `there is no group ${step.groups} in the patterns of \`when\`.`,
      cure: 'Put in parentheses what $1, $2 and so on stand for, or write $$ for the character.',
    };
  return undefined;
}

/** The rules of one trunk in one direction, found by method. */
class Directed {
  readonly #any: readonly CompiledRule[];
  readonly #byMethod = new Map<string, readonly CompiledRule[]>();

  constructor(rules: readonly CompiledRule[]) {
    this.#any = rules.filter(({ rule }) => rule.methods === undefined);
    const named = new Set(rules.flatMap(({ rule }) => rule.methods ?? []));
    for (const method of named)
      this.#byMethod.set(
        method,
        rules.filter(({ rule }) => rule.methods?.includes(method) ?? true),
      );
  }

  of(method: string): readonly CompiledRule[] {
    return this.#byMethod.get(method) ?? this.#any;
  }
}

/** What one rule made of a message, or why nothing. */
export interface Verdict {
  readonly rule: string;
  readonly changed: boolean;
  readonly text: string;
}

/** The same as `Manipulation.apply`, told rule by rule, to people. `seen`: the draft as the rule left it. */
export function verdicts(
  rules: readonly ManipulationRule[],
  direction: 'in' | 'out',
  draft: Draft,
  circumstances: Circumstances,
  seen: (verdict: Verdict) => void,
): void {
  for (const rule of rules) {
    const say = (changed: boolean, text: string) => seen({ rule: rule.name, changed, text });
    const { compiled } = compileRule(rule);
    if (rule.direction !== direction)
      say(false, `it is for what ${rule.direction === 'in' ? 'comes from' : 'goes to'} the trunk`);
    else if (draft.status === 100) say(false, '100 is between two hops, and never changed');
    else {
      const miss = missOf(compiled, draft, circumstances);
      const told = miss === undefined ? applied(compiled, draft, circumstances) : undefined;
      if (told !== undefined) say(!told.startsWith(leftOut), told);
      else say(false, miss ?? 'there is nothing to change');
    }
  }
}

/** The rules of one trunk, compiled. */
export class Manipulation {
  readonly #in: Directed;
  readonly #out: Directed;

  /** Throws where `ruleFaults` finds something. */
  constructor(rules: readonly ManipulationRule[]) {
    const compiled = rules.map((rule) => {
      const { compiled, faults } = compileRule(rule);
      if (faults.length > 0) throw new TypeError(`manipulation rule ${rule.name}: ${faults[0]!.message}`);
      return compiled;
    });
    this.#in = new Directed(compiled.filter(({ rule }) => rule.direction === 'in'));
    this.#out = new Directed(compiled.filter(({ rule }) => rule.direction === 'out'));
  }

  /** False when no rule can concern such a message; `status` 0: a request. Before anything is made of it. */
  concerns(direction: 'in' | 'out', method: string, status: number): boolean {
    return (
      status !== 100 &&
      this.#of(direction)
        .of(method)
        .some(({ rule }) => isOf(rule, status))
    );
  }

  /** Changes the draft; what is told is told rule by rule. A rule that would leave no sound message is left out. */
  apply(direction: 'in' | 'out', draft: Draft, circumstances: Circumstances): readonly Change[] {
    // 100 goes from hop to hop only.
    if (draft.status === 100) return [];
    const changes: Change[] = [];
    for (const one of this.#of(direction).of(draft.method)) {
      const told = applied(one, draft, circumstances);
      if (told !== undefined) changes.push({ rule: one.rule.name, text: told });
    }
    return changes;
  }

  #of(direction: 'in' | 'out'): Directed {
    return direction === 'in' ? this.#in : this.#out;
  }
}

/** Why a rule of this direction does nothing to a message, in words; undefined: its conditions hold. */
function missOf({ rule, conditions }: CompiledRule, draft: Draft, circumstances: Circumstances): string | undefined {
  const { methods, dialog, call, when = [] } = rule;
  if (methods && !methods.includes(draft.method)) return `it is for ${methods.join(', ')}`;
  if (!isOf(rule, draft.status)) {
    const statuses = rule.statuses?.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(', ');
    return `it is for ${statuses === undefined ? rule.of : `responses of ${statuses}`}`;
  }
  if (dialog !== undefined && (dialog === 'inside') !== draft.within) return `it is for messages ${dialog} dialogs`;
  if (call !== undefined && call !== circumstances.call) return `it is for calls ${call.replace('-', ' the ')}`;
  const captured: Captured[] = [];
  for (const [index, { holds }] of conditions.entries()) {
    if (holds(draft, circumstances, captured)) continue;
    const condition = when[index]!;
    if (condition.kind === 'matches') return `${condition.part} does not match ${condition.pattern}`;
    if (condition.kind === 'not') return `${condition.part} matches ${condition.pattern}`;
    return `${condition.part} is ${condition.kind === 'present' ? 'absent' : 'present'}`;
  }
  return undefined;
}

function isOf({ of, statuses }: ManipulationRule, status: number): boolean {
  if (status === 0) return of !== 'responses' && statuses === undefined;
  if (of === 'requests') return false;
  return statuses === undefined || statuses.some(({ from, to }) => status >= from && status <= to);
}

const leftOut = 'left out: ';

/** What it did; undefined when that was nothing. */
function applied(
  { rule, conditions, steps }: CompiledRule,
  draft: Draft,
  circumstances: Circumstances,
): string | undefined {
  if (!isOf(rule, draft.status)) return undefined;
  if (rule.dialog !== undefined && (rule.dialog === 'inside') !== draft.within) return undefined;
  if (rule.call !== undefined && rule.call !== circumstances.call) return undefined;
  const captured: Captured[] = [];
  for (const { holds } of conditions) if (!holds(draft, circumstances, captured)) return undefined;
  const before = copyOf(draft);
  // What identifies a dialog was written when it began; ACK and CANCEL have it of their INVITE (RFC 3261 9.1, 17.1.1.3).
  const fixed = draft.within || draft.kind === 'response' || draft.method === 'ACK' || draft.method === 'CANCEL';
  const told: string[] = [];
  for (const step of steps) {
    if (step.identifies && fixed) continue;
    if (step.only === 'responses' && draft.kind === 'request') continue;
    const text = step.act(draft, circumstances, captured);
    if (text !== undefined) told.push(text);
  }
  if (told.length === 0) return undefined;
  const fault = unsound(draft, before);
  if (fault === undefined) return told.join('; ');
  Object.assign(draft, before);
  return `${leftOut}${fault}`;
}

/** What of a draft could not be read by who gets it. `before`: as it was, and sound. */
function unsound(draft: Draft, before: ReturnType<typeof copyOf>): string | undefined {
  const { uri, from, to, fields, body } = draft;
  if (uri !== before.uri) {
    const parsed = parseUri(uri);
    if (!parsed || parsed.headers !== undefined) return 'it leaves no Request-URI';
  }
  if (from !== before.from && parseNameAddress(from)?.tag !== parseNameAddress(before.from)?.tag)
    return 'it leaves no From';
  if (to !== before.to && parseNameAddress(to)?.tag !== parseNameAddress(before.to)?.tag) return 'it leaves no To';
  if (body.length > manipulationLimits.body && body.length > before.body.length) return 'it makes the body too long';
  if (fields === before.fields) return undefined;
  let length = 0;
  for (const field of fields) {
    length += field.display.length + field.value.length + 4;
    // What was there before was sound, or is no rule's doing.
    if (before.fields.includes(field)) continue;
    if (/[\r\n\0]/.test(field.value)) return `it leaves no ${field.display}`;
    if (field.name === 'contact' && field.value !== '*' && !parseNameAddress(field.value))
      return 'it leaves no Contact';
  }
  if (fields.length > before.fields.length && fields.length > manipulationLimits.fields)
    return 'it makes too many header fields';
  return length > manipulationLimits.head ? 'it makes the message too long' : undefined;
}
