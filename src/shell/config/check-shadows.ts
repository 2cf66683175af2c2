import type { Context, PlacedTrunk } from './check-context.ts';
import { numberRule } from './compile-numbers.ts';
import { trunksOf } from './compile-routes.ts';
import type { Person } from './people.ts';
import type { Path } from './problems.ts';
import type { EmergencyEntry } from './schema-emergency.ts';

type Rule = Parameters<typeof numberRule>[0];

/** What could be dialled before a number, and come off again by a rule. */
const leads = Array.from({ length: 10 }, (_, one) => [
  `${one}`,
  ...Array.from({ length: 10 }, (_, two) => `${one}${two}`),
])
  .flat()
  .concat('*', '#', '+', '+1', '00');

/**
 * What else the numbers of help would mean: none of it would ever happen, or worse, it would to those who need help; and what would call for
 * help without being known for it.
 */
export function checkShadows(
  numbers: readonly string[],
  emergency: EmergencyEntry,
  context: Context,
  trunks: readonly PlacedTrunk[],
  people: readonly Person[],
): void {
  const shadows = new Shadows(numbers, emergency, context);
  shadows.plans();
  shadows.routes();
  for (const person of people) shadows.person(person);
  const { draft } = context;
  const named = [...emergency.to, ...draft.sites.flatMap((site) => site?.emergency ?? [])];
  const groups = draft.groups.filter((group) => group !== undefined);
  const serving = new Set([...named, ...trunksOf(named, groups)]);
  for (const { entry, path } of trunks)
    if (serving.has(entry.name))
      for (const [at, rule] of (entry.numbers?.called ?? []).entries())
        shadows.written(rule, [...path, 'numbers', 'called', at]);
}

class Shadows {
  readonly #numbers: readonly string[];
  readonly #emergency: EmergencyEntry;
  readonly #context: Context;
  /** What is dialled before numbers outside, somewhere. */
  readonly #prefixes: readonly string[];

  constructor(numbers: readonly string[], emergency: EmergencyEntry, context: Context) {
    this.#numbers = numbers;
    this.#emergency = emergency;
    this.#context = context;
    const prefixes = context.draft.dialPlans.flatMap((plan) => plan?.['access-prefix'] ?? []);
    this.#prefixes = [...new Set(prefixes)];
  }

  plans(): void {
    const { draft, report } = this.#context;
    for (const [index, entry] of draft.dialPlans.entries()) {
      if (!entry) continue;
      const prefix = entry['access-prefix'];
      if (prefix !== undefined && this.#numbers.includes(prefix))
        report(
          'TDM-1239',
          ['dial-plans', index, 'access-prefix'],
          `${prefix} calls for help, and would be dialled before every number outside.`,
        );
      for (const [at, rule] of entry.rules.entries())
        this.#dialled(rule, ['dial-plans', index, 'rules', at], prefix === undefined ? [] : [prefix]);
    }
  }

  #dialled(rule: Rule, path: Path, prefixes: readonly string[]): void {
    const { report } = this.#context;
    // As they are dialled here: somebody in fear may dial for a line outside first, or not.
    const known = this.#behind(prefixes);
    for (const number of known) {
      const made = madeOf(rule, number);
      if (made === undefined || this.#isHelp(made)) continue;
      return report('TDM-1239', path, `${number} calls for help, and this rule makes ${made} of it.`);
    }
    for (const number of this.#numbers) {
      const lead = leads.find((one) => !known.includes(one + number) && this.#isNumber(madeOf(rule, one + number)));
      if (lead !== undefined)
        return report(
          'TDM-1239',
          path,
          `this rule makes ${madeOf(rule, lead + number)} of ${lead}${number}, which is not known to call for help.`,
          'Make it the `access-prefix` of the plan, or one of the `masks`.',
        );
    }
    // One number of help in place of whatever is dialled.
    const to = 'to' in rule && rule.to !== undefined && !rule.to.includes('$') ? rule.to : undefined;
    const isOnlyHelp = 'pattern' in rule && rule.pattern !== undefined && isOf(rule.pattern.source, known);
    if (this.#isNumber(to) && !isOnlyHelp)
      report(
        'TDM-1239',
        path,
        `what this rule makes ${to} of is not known to call for help.`,
        'Give what is dialled as one of the `masks` of the number.',
      );
  }

  routes(): void {
    const { draft, report } = this.#context;
    for (const [index, route] of draft.routes.entries()) {
      for (const [at, prefix] of (route?.called?.prefix ?? []).entries())
        if (this.#numbers.includes(prefix))
          report(
            'TDM-1239',
            ['routes', index, 'called', 'prefix', at],
            `${prefix} calls for help, and never comes to a route.`,
          );
      const { pattern } = route?.called ?? {};
      const found = pattern === undefined ? undefined : exactly(pattern.source, this.#numbers);
      if (found !== undefined)
        report(
          'TDM-1239',
          ['routes', index, 'called', 'pattern'],
          `${found} calls for help, and never comes to a route.`,
        );
    }
  }

  person({ entry, path, report }: Person): void {
    const { name, line, numbers: others = [], forward = {} } = entry;
    const behind = this.#behind(this.#prefixes);
    const own = [name, line, line?.split(';ext=')[1], ...others].find(
      (one) => one !== undefined && behind.includes(one),
    );
    if (own !== undefined) report('TDM-1239', path, `${own} calls for help, and cannot be the number of a user.`);
    for (const key of ['always', 'busy', 'no-answer', 'unregistered', 'together'] as const) {
      const said = forward[key];
      const to = typeof said === 'object' ? said.to : said;
      if (to !== undefined && behind.includes(to.replace(/^\+/, '')))
        report(
          'TDM-1239',
          [...path, 'forward', key],
          `${to} calls for help: nobody is sent there who has not dialled it.`,
          'Forward to somebody who can judge.',
        );
    }
  }

  /** What a trunk that is asked for help would be told by its rules. */
  written(rule: Rule, path: Path): void {
    const found = this.#emergency.numbers.find(({ number }) => !this.#isHelp(madeOf(rule, number) ?? number))?.number;
    if (found !== undefined)
      this.#context.report(
        'TDM-1239',
        path,
        `calls for help go to ${found} by this trunk, and this rule makes ${madeOf(rule, found)} of it.`,
      );
  }

  #behind(prefixes: readonly string[]): readonly string[] {
    return [...this.#numbers, ...prefixes.flatMap((prefix) => this.#numbers.map((number) => prefix + number))];
  }

  #isNumber(made: string | undefined): boolean {
    return made !== undefined && this.#numbers.includes(made.replace(/^\+/, ''));
  }

  #isHelp(made: string): boolean {
    return this.#isNumber(made) || made === this.#emergency.relay;
  }
}

/** What a rule makes of a number; undefined when it does not fit. */
function madeOf(rule: Rule, number: string): string | undefined {
  const made = numberRule(rule);
  if (!('pattern' in made)) return undefined;
  const pattern = new RegExp(made.pattern);
  return pattern.test(number) ? number.replace(pattern, made.to) : undefined;
}

/** One of the numbers that a pattern is meant for: it takes no number of another length. */
function exactly(source: string, numbers: readonly string[]): string | undefined {
  const pattern = new RegExp(source);
  return numbers.find(
    (number) => pattern.test(number) && !pattern.test(`${number}0`) && !pattern.test(`${number}00000000`),
  );
}

/** The pattern is one of alternatives of these numbers, and of nothing else. */
function isOf(source: string, numbers: readonly string[]): boolean {
  const written = source.replace(/^\^|\$$/g, '').replace(/^\((?:\?:)?|\)$/g, '');
  return written.split('|').every((one) => numbers.includes(one));
}
