import type { Draft } from './draft.ts';
import type { Path } from './problems.ts';
import type { EmergencyEntry } from './schema-emergency.ts';

/** What is said of calls for help at one place of the file. */
export interface HelpScope {
  readonly path: Path;
  readonly numbers?: EmergencyEntry['numbers'] | undefined;
  readonly tests?: EmergencyEntry['tests'];
  readonly to?: readonly string[] | undefined;
  readonly relay?: string | undefined;
  readonly notify?: EmergencyEntry['notify'];
}

/** Everywhere, each country, each site. */
export function helpScopes({ emergency, sites }: Draft): readonly HelpScope[] {
  if (!emergency) return [];
  const countries = (emergency.countries ?? []).map((one, at) => ({ ...one, path: ['emergency', 'countries', at] }));
  const ofSites = sites.flatMap((site, at) =>
    site?.emergency ? [{ ...site.emergency, path: ['sites', at, 'emergency'] }] : [],
  );
  return [{ ...emergency, path: ['emergency'] }, ...countries, ...ofSites];
}

/** Which numbers call for help at which site. */
export class HelpNumbers {
  /** Of all of them. */
  readonly all: readonly string[];
  /** As they go to trunks. */
  readonly called: readonly string[];
  readonly #of = new Map<string, { readonly dialled: readonly string[]; readonly called: readonly string[] }>();

  constructor(draft: Draft) {
    const { emergency, sites } = draft;
    const countries = new Map(emergency?.countries?.map((one) => [one.country as string, one]));
    for (const site of sites) {
      if (!site) continue;
      const scopes = [site.emergency, countries.get(site.country ?? ''), emergency];
      const numbers = scopes.find((scope) => scope?.numbers)?.numbers;
      const tests = scopes.find((scope) => scope?.tests)?.tests;
      if (numbers) this.#of.set(site.name, written([{ numbers, tests }]));
    }
    const { dialled, called } = written(helpScopes(draft));
    this.all = dialled;
    this.called = called;
  }

  /** What is dialled at that site; of one that is not known, or of which nothing is said, at any. */
  at(site: string | undefined): readonly string[] {
    return (site === undefined ? undefined : this.#of.get(site))?.dialled ?? this.all;
  }

  calledAt(site: string): readonly string[] {
    return this.#of.get(site)?.called ?? this.called;
  }
}

function written(scopes: readonly Pick<HelpScope, 'numbers' | 'tests'>[]) {
  const numbers = scopes.flatMap((scope) => scope.numbers ?? []);
  const called = [...new Set(numbers.map(({ number }) => number))];
  const others = [...numbers.flatMap(({ masks = [] }) => masks), ...scopes.flatMap(({ tests = [] }) => tests)];
  return { called, dialled: [...new Set([...called, ...others])] };
}
