import type { Context, PlacedTrunk } from './check-context.ts';
import { numberRule } from './compile-numbers.ts';
import { trunksOf } from './compile-routes.ts';
import type { Draft } from './draft.ts';
import { type HelpNumbers, helpScopes } from './help-scopes.ts';
import type { Person } from './people.ts';
import type { Path } from './problems.ts';

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
  numbers: HelpNumbers,
  context: Context,
  trunks: readonly PlacedTrunk[],
  people: readonly Person[],
): void {
  const shadows = new Shadows(numbers, context);
  const audiences = new Audiences(numbers, context.draft, trunks, people);
  shadows.plans(audiences);
  shadows.routes();
  for (const person of people) shadows.person(person);
  const serving = servedBy(numbers, context.draft);
  for (const { entry, path } of trunks)
    for (const [at, rule] of (entry.numbers?.called ?? []).entries())
      shadows.written(rule, serving.get(entry.name) ?? [], [...path, 'numbers', 'called', at]);
}

/** The numbers of help that each trunk may be told because it is named for help. */
function servedBy(numbers: HelpNumbers, draft: Draft): ReadonlyMap<string, readonly string[]> {
  const { emergency, sites } = draft;
  const groups = draft.groups.filter((group) => group !== undefined);
  const serving = new Map<string, readonly string[]>();
  const serve = (to: readonly string[], called: readonly string[]) => {
    for (const name of new Set([...to, ...trunksOf(to, groups)]))
      serving.set(name, [...new Set([...(serving.get(name) ?? []), ...called])]);
  };
  serve(emergency?.to ?? [], numbers.called);
  for (const { country, to = [], numbers: own } of emergency?.countries ?? []) {
    serve(to, own?.map(({ number }) => number) ?? []);
    for (const site of sites) if (site?.country === country) serve(to, numbers.calledAt(site.name));
  }
  for (const site of sites) if (site?.emergency?.to) serve(site.emergency.to, numbers.calledAt(site.name));
  return serving;
}

/** Who dials by a plan. */
interface Audience {
  /** What calls for help where they are. */
  readonly numbers: ReadonlySet<string>;
  /** Some of them may be where nobody knows: there every number calls for help. */
  readonly roams: boolean;
}

/** The plan of those who have no other. */
const globalPlan = 'global';

/** Which numbers call for help for those who dial by each plan. */
class Audiences {
  readonly #all: readonly string[];
  readonly #of = new Map<string, { readonly numbers: Set<string>; roams: boolean }>();

  constructor(numbers: HelpNumbers, draft: Draft, trunks: readonly PlacedTrunk[], people: readonly Person[]) {
    this.#all = numbers.all;
    const sites = new Map(draft.sites.flatMap((site) => (site ? [[site.name, site] as const] : [])));
    const seen = new Set<string>();
    const add = (own: string | undefined, name: string | undefined) => {
      const site = sites.get(name ?? '');
      const plan = own ?? site?.['dial-plan'] ?? globalPlan;
      const key = `${plan}\0${name ?? ''}`;
      if (seen.has(key)) return;
      seen.add(key);
      const audience = this.#of.get(plan) ?? { numbers: new Set(), roams: false };
      for (const number of numbers.at(site?.name)) audience.numbers.add(number);
      audience.roams ||= site === undefined || (site.subnets ?? []).length > 0;
      this.#of.set(plan, audience);
    };
    for (const name of sites.keys()) add(undefined, name);
    for (const { entry } of people) add(entry['dial-plan'], entry.site);
    for (const { entry, it } of trunks) if (it.kind !== 'itsp') add(entry['dial-plan'], entry.site);
  }

  of(plan: string): Audience {
    return this.#of.get(plan) ?? { numbers: new Set(this.#all), roams: true };
  }
}

class Shadows {
  readonly #help: HelpNumbers;
  readonly #relays: ReadonlySet<string>;
  readonly #context: Context;
  /** What is dialled before numbers outside, somewhere. */
  readonly #prefixes: readonly string[];

  constructor(help: HelpNumbers, context: Context) {
    this.#help = help;
    this.#relays = new Set(helpScopes(context.draft).flatMap(({ relay }) => relay ?? []));
    this.#context = context;
    const prefixes = context.draft.dialPlans.flatMap((plan) => plan?.['access-prefix'] ?? []);
    this.#prefixes = [...new Set(prefixes)];
  }

  plans(audiences: Audiences): void {
    const { draft, report } = this.#context;
    for (const [index, entry] of draft.dialPlans.entries()) {
      if (!entry) continue;
      const prefix = entry['access-prefix'];
      const audience = audiences.of(entry.name);
      if (prefix !== undefined && audience.numbers.has(prefix))
        report(
          'TDM-1239',
          ['dial-plans', index, 'access-prefix'],
          `${prefix} calls for help, and would be dialled before every number outside.`,
        );
      for (const [at, rule] of entry.rules.entries())
        this.#dialled(rule, ['dial-plans', index, 'rules', at], prefix === undefined ? [] : [prefix], audience);
    }
  }

  #dialled(rule: Rule, path: Path, prefixes: readonly string[], { numbers, roams }: Audience): void {
    const { report } = this.#context;
    // As they are dialled here: somebody in fear may dial for a line outside first, or not.
    const known = behind(prefixes, [...numbers]);
    for (const number of known) {
      const made = madeOf(rule, number);
      if (made === undefined || this.#isHelp(made)) continue;
      return report('TDM-1239', path, `${number} calls for help, and this rule makes ${made} of it.`);
    }
    const others = this.#help.all.filter((number) => !numbers.has(number));
    for (const number of roams ? behind(prefixes, others) : []) {
      const made = madeOf(rule, number);
      if (made !== undefined && !known.includes(number) && !this.#isHelp(made))
        return report('TDM-1323', path, `${number} calls for help elsewhere, and this rule makes ${made} of it.`);
    }
    for (const number of numbers) {
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
      // Elsewhere it may be any number.
      const numbers = this.#everywhere(route?.sites);
      for (const [at, prefix] of (route?.called?.prefix ?? []).entries())
        if (numbers.includes(prefix))
          report(
            'TDM-1239',
            ['routes', index, 'called', 'prefix', at],
            `${prefix} calls for help, and never comes to a route.`,
          );
      const { pattern } = route?.called ?? {};
      const found = pattern === undefined ? undefined : exactly(pattern.source, numbers);
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
    const known = behind(this.#prefixes, this.#help.at(entry.site));
    const elsewhere = behind(this.#prefixes, this.#help.all);
    const own = [name, line, line?.split(';ext=')[1], ...others].filter((one) => one !== undefined);
    const number = own.find((one) => known.includes(one));
    const abroad = own.find((one) => elsewhere.includes(one));
    if (number !== undefined) report('TDM-1239', path, `${number} calls for help, and cannot be the number of a user.`);
    else if (abroad !== undefined)
      report('TDM-1323', path, `${abroad} calls for help elsewhere, and is the number of a user here.`);
    for (const key of ['always', 'busy', 'no-answer', 'unregistered', 'together'] as const) {
      const said = forward[key];
      const to = typeof said === 'object' ? said.to : said;
      if (to !== undefined && known.includes(to.replace(/^\+/, '')))
        report(
          'TDM-1239',
          [...path, 'forward', key],
          `${to} calls for help: nobody is sent there who has not dialled it.`,
          'Forward to somebody who can judge.',
        );
    }
  }

  /** What a trunk that is asked for help would be told by its rules. */
  written(rule: Rule, numbers: readonly string[], path: Path): void {
    const found = numbers.find((number) => !this.#isHelp(madeOf(rule, number) ?? number));
    if (found !== undefined)
      this.#context.report(
        'TDM-1239',
        path,
        `calls for help go to ${found} by this trunk, and this rule makes ${madeOf(rule, found)} of it.`,
      );
  }

  /** Numbers that call for help wherever a route may be asked. */
  #everywhere(sites: readonly string[] | undefined): readonly string[] {
    const names = sites ?? this.#context.draft.sites.flatMap((site) => site?.name ?? []);
    const sets = names.length === 0 ? [this.#help.all] : names.map((name) => this.#help.at(name));
    return this.#help.all.filter((number) => sets.every((numbers) => numbers.includes(number)));
  }

  #isNumber(made: string | undefined): boolean {
    return made !== undefined && this.#help.all.includes(made.replace(/^\+/, ''));
  }

  #isHelp(made: string): boolean {
    return this.#isNumber(made) || this.#relays.has(made);
  }
}

/** Numbers as they are dialled, for a line outside first or not. */
function behind(prefixes: readonly string[], numbers: readonly string[]): readonly string[] {
  return [...numbers, ...prefixes.flatMap((prefix) => numbers.map((number) => prefix + number))];
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
