import type { Octets } from '#kernel';
import type { ManipulationStep } from '#policy/configuration';
import type { Circumstances, Draft } from './draft.ts';
import { type Deed, identifies, isHeld, refusalOf } from './held.ts';
import { type Part, readPart, rewrite, valuesOf, writes } from './part.ts';
import { Pattern } from './pattern.ts';
import { addLine, isChangeable, rewriteLines } from './sdp-lines.ts';
import { type Captured, Template } from './template.ts';

/** Does it, and says what was done; undefined when that was nothing. */
export type Step = (draft: Draft, circumstances: Circumstances, captured: readonly Captured[]) => string | undefined;

/** What is wrong with a key of a rule. */
export interface StepFault {
  readonly key: string;
  readonly message: string;
  readonly cure: string;
}

export interface CompiledStep {
  readonly act: Step;
  /** What it asks of what conditions took. */
  readonly groups: number;
  /** It changes what identifies dialogs. */
  readonly identifies: boolean;
  /** It makes sense in responses only, or in requests only. */
  readonly only?: 'requests' | 'responses';
}

/** Longer no value becomes, and more often nothing is replaced in one: the rest stays. */
const longest = 4_096;
const mostMatches = 64;

export function compileStep(step: ManipulationStep): CompiledStep | StepFault {
  switch (step.kind) {
    case 'add':
    case 'set':
      return writing(step.kind, step.part, step.value, 'value');
    case 'copy': {
      const from = readPart(step.from);
      if ('wrong' in from) return badPart('from', from.wrong);
      if (from.all) return badPart('from', `${step.from} stands for many`);
      return writing('copy', step.part, `{${step.from}}`, 'from');
    }
    case 'remove':
      return removing(step);
    case 'replace':
      return replacing(step);
    case 'sdp-add': {
      const value = templateOf(step.value, 'value');
      if ('key' in value) return value;
      if (!/^[ab]=./.test(step.value))
        return { key: 'value', message: 'this is no line that could be added.', cure: 'Lines begin with a= or b=.' };
      const media = step.media ?? 'session';
      return {
        groups: value.groups,
        identifies: false,
        act: (draft, circumstances, captured) => {
          const line = value.fill(draft, circumstances, captured);
          return line !== undefined && addLine(draft, media, line) ? `added ${line} to SDP (${media})` : undefined;
        },
      };
    }
    case 'sdp-remove': {
      const pattern = patternOf(step.matching);
      if ('key' in pattern) return pattern;
      return {
        groups: 0,
        identifies: false,
        act: (draft) => {
          const gone: Octets[] = [];
          rewriteLines(draft, step.media, (line) => {
            if (!pattern.test(line)) return line;
            gone.push(line);
            return undefined;
          });
          return gone.length === 0 ? undefined : `removed ${listed(gone)} from SDP`;
        },
      };
    }
    case 'sdp-replace': {
      const pattern = patternOf(step.matching);
      if ('key' in pattern) return pattern;
      const value = templateOf(step.value, 'value', pattern);
      if ('key' in value) return value;
      return {
        groups: 0,
        identifies: false,
        act: (draft, circumstances) => {
          const now: Octets[] = [];
          rewriteLines(draft, step.media, (line) => {
            const changed = replaced(line, pattern, (own) => value.fill(draft, circumstances, own));
            // A line stays a line of its kind.
            if (changed === line || !isChangeable(changed) || changed.charAt(0) !== line.charAt(0)) return line;
            now.push(changed);
            return changed;
          });
          return now.length === 0 ? undefined : `changed SDP to ${listed(now)}`;
        },
      };
    }
    case 'status':
      return status(step);
  }
}

function writing(deed: Deed, part: string, text: string, key: string): CompiledStep | StepFault {
  const to = partOf(deed, part);
  if ('key' in to) return to;
  const value = templateOf(text, key);
  if ('key' in value) return value;
  const act: Step = (draft, circumstances, captured) => {
    const filled = value.fill(draft, circumstances, captured);
    if (filled === undefined || filled === '') return undefined;
    if (deed !== 'add') return writes(to, draft, filled) ? `set ${to.text} to ${filled}` : undefined;
    draft.fields = [...draft.fields, { name: to.name, display: to.text, value: filled }];
    return `added ${to.text}: ${filled}`;
  };
  return { act, groups: value.groups, ...about(to) };
}

function removing({ part, matching }: Extract<ManipulationStep, { kind: 'remove' }>): CompiledStep | StepFault {
  const from = partOf('remove', part);
  if ('key' in from) return from;
  const pattern = matching === undefined ? undefined : patternOf(matching);
  if (pattern && 'key' in pattern) return pattern;
  const meant = (value: Octets) => !pattern || pattern.test(value);
  if (from.all) {
    const act: Step = (draft) => {
      const gone = draft.fields.filter(
        ({ name, value }) => name.startsWith(from.name) && !isHeld(name) && meant(value),
      );
      if (gone.length === 0) return undefined;
      draft.fields = draft.fields.filter((field) => !gone.includes(field));
      return `removed ${listed(gone.map(({ display }) => display))}`;
    };
    return { act, groups: 0, identifies: false };
  }
  const act: Step = (draft) => {
    const gone: Octets[] = [];
    const any = rewrite(from, draft, (value) => {
      if (!meant(value)) return value;
      gone.push(value);
      return undefined;
    });
    if (!any) return undefined;
    return pattern ? `removed ${listed(gone)} from ${from.text}` : `removed ${from.text}`;
  };
  return { act, groups: 0, ...about(from) };
}

function replacing(step: Extract<ManipulationStep, { kind: 'replace' }>): CompiledStep | StepFault {
  const part = partOf('replace', step.part);
  if ('key' in part) return part;
  const pattern = patternOf(step.matching);
  if ('key' in pattern) return pattern;
  const value = templateOf(step.value, 'value', pattern);
  if ('key' in value) return value;
  const act: Step = (draft, circumstances) => {
    const any = rewrite(part, draft, (one) =>
      replaced(one, pattern, (captured) => value.fill(draft, circumstances, captured)),
    );
    return any ? `changed ${part.text} to ${listed(valuesOf(part, draft))}` : undefined;
  };
  return { act, groups: 0, ...about(part) };
}

function status({ status: to, phrase }: Extract<ManipulationStep, { kind: 'status' }>): CompiledStep | StepFault {
  const takes = 'Statuses are 180 to 199, and 300 to 699.';
  if (!Number.isInteger(to) || to < 101 || to > 699 || (to >= 200 && to < 300))
    return { key: 'status', message: `${to} is no status that another can become.`, cure: takes };
  const text = templateOf(phrase ?? 'x', 'phrase');
  if ('key' in text) return text;
  return {
    groups: text.groups,
    identifies: false,
    only: 'responses',
    act: (draft, circumstances, captured) => {
      const was = draft.status;
      // Provisional stays provisional, and a refusal one: that is what transactions live by. 100 is between hops.
      const fits = to < 200 ? was > 100 && was < 200 : was >= 300;
      if (!fits) return undefined;
      const said = phrase === undefined ? '' : (text.fill(draft, circumstances, captured) ?? '');
      if (was === to && (said === '' || said === draft.phrase)) return undefined;
      draft.status = to;
      draft.phrase = said;
      return `made ${was} a ${to}`;
    },
  };
}

function about(part: Part): Pick<CompiledStep, 'identifies' | 'only'> {
  return identifies(part) ? { identifies: true, only: 'requests' } : { identifies: false };
}

/** Every match in the value by what `by` says, up to as much as a value may hold. */
function replaced(value: Octets, pattern: Pattern, by: (captured: readonly Captured[]) => Octets | undefined): Octets {
  let out = '';
  let from = 0;
  let at = 0;
  for (let matches = 0; matches < mostMatches && at <= value.length; matches++) {
    const match = pattern.match(value, at);
    if (!match) break;
    const [start, end] = [match[0]!, match[1]!];
    const replacement = by([{ value, match }]);
    if (replacement === undefined) return value;
    out += value.slice(from, start) + replacement;
    from = end;
    // An empty match: on by one octet, which stays.
    at = end > start ? end : end + 1;
    if (out.length > longest) return value;
  }
  return out + value.slice(from);
}

function partOf(deed: Deed, text: string): Part | StepFault {
  const part = readPart(text);
  if ('wrong' in part) return badPart(deed, part.wrong);
  const refusal = refusalOf(deed, part);
  return refusal ? { key: deed === 'copy' ? 'to' : deed, ...refusal } : part;
}

function badPart(key: string, wrong: string): StepFault {
  return { key, message: `${wrong}.`, cure: 'Name a header field such as Diversion, or a part such as From.user.' };
}

function patternOf(text: string): Pattern | StepFault {
  const pattern = Pattern.compile(text);
  if (!('wrong' in pattern)) return pattern;
  return {
    key: 'matching',
    message: `the pattern is not sound: ${pattern.wrong}.`,
    cure: 'Write a regular expression without look-around and back-references.',
  };
}

function templateOf(text: string, key: string, pattern?: Pattern): Template | StepFault {
  const template = Template.compile(text);
  if ('wrong' in template) {
    const cure = 'Write text with $1 for what a group took, and {caller} and the like for what is known.';
    return { key, message: `the value is not sound: ${template.wrong}.`, cure };
  }
  if (pattern && template.groups > pattern.groups)
    return {
      key,
      message: `there is no group ${template.groups} in the pattern.`,
      cure: 'Put in parentheses what $1, $2 and so on stand for, or write $$ for the character.',
    };
  return template;
}

/** As people read it, however much there is. */
function listed(values: readonly Octets[]): string {
  const few = values.slice(0, 3).join(', ');
  return values.length > 3 ? `${few} and ${values.length - 3} more` : few;
}
