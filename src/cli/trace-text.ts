import { styleText } from 'node:util';
import { cureOf, type Decision } from '#engine/ports';
import { harmless } from './cdr-text.ts';

/** How a line of the trace reads: what took the call, what did not, what is worth a look. */
export type Tone = 'took' | 'passed-by' | 'hint' | 'plain';

/** Marks a text; as it is where there are no colours. */
export type Paint = (tone: Tone, text: string) => string;

export const plain: Paint = (_tone, text) => text;

const formats = { took: 'green', 'passed-by': 'dim', hint: 'yellow', plain: 'reset' } as const;

/** For a terminal; heeds NO_COLOR and FORCE_COLOR, and whether it is one at all. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (tone, text) => (tone === 'plain' ? text : styleText(formats[tone], text, { stream }));
}

/** Of what rules say by the words of routing, hunting and admission. */
export function toneOf({ outcome }: Decision): Tone {
  if (outcome.startsWith('matches')) return 'took';
  if (outcome.startsWith('no: ')) return 'passed-by';
  return /^(nearly|skipped|refused|left out|put off|not asked|not heeded|of no use|no answer|passed over)\b/.test(
    outcome,
  )
    ? 'hint'
    : 'plain';
}

/** How comparisons are told to people: what was compared, and what the rule wants. */
const comparisons: readonly (readonly [says: RegExp, shown: string])[] = [
  [/^no: (\S+) does not begin with (.+)$/, 'no: compared $1, rule wants $2 at its start'],
  [/^no: (\S+) does not match (.+)$/, 'no: compared $1, rule wants $2'],
  [
    /^nearly: compared (\S+), it takes (\S+) \((.*)\): a dial plan rule that writes it so would do$/,
    'nearly: compared $1, rule wants $2 ($3): add a normalisation, that is a dial plan rule that writes it so',
  ],
];

function shownOutcome(outcome: string): string {
  const found = comparisons.find(([says]) => says.test(outcome));
  return found ? outcome.replace(...found) : outcome;
}

/** The decision trace: a line for each rule, in the order in which they were tried; where none took the call, what would have each do it. */
export function traceLines(decisions: readonly Decision[], paint: Paint = plain): readonly string[] {
  if (decisions.length === 0) return ['  none: the call ended before one was due'];
  const widest = Math.min(30, Math.max(...decisions.map(({ rule }) => rule.length)));
  const isTaken = decisions.some(({ outcome }) => outcome.startsWith('matches'));
  return decisions.flatMap((one) => {
    const line = `  ${harmless(one.rule).padEnd(widest)}  ${paint(toneOf(one), harmless(shownOutcome(one.outcome)))}`;
    const cure = isTaken ? undefined : cureOf(one.outcome);
    return cure === undefined ? [line] : [line, `  ${' '.repeat(widest)}    => ${harmless(cure)}`];
  });
}
