import type { Configuration, Emergency, EmergencyScope, Notify, Site } from '#policy/configuration';
import { EmergencyNumbers, type Recognised } from './numbers.ts';

/** Numbers that hold together somewhere. */
interface Numbers {
  readonly numbers: EmergencyNumbers;
  /** Whose they are: where nothing else is known of who dials one, he is taken to be there. */
  readonly country: string | undefined;
}

/** Where who calls may be, as far as it is known: the sure one first. */
export interface Whereabouts {
  /** He is here. */
  readonly site?: Site | undefined;
  /** Sites that he, or what he calls by, belongs to. */
  readonly homes: readonly (string | undefined)[];
}

/** What was dialled, and what holds for it. */
export interface Dialled extends Recognised {
  /** Narrowest first. */
  readonly scopes: readonly EmergencyScope[];
}

/** What holds for calls for help at each place: what its site says, else its country, else what holds everywhere. */
export class Scopes {
  /** Of everywhere, all countries and all sites: what any of them dials. */
  readonly all: EmergencyNumbers;
  readonly #emergency: Emergency;
  readonly #sites: ReadonlyMap<string, Site>;
  /** Every one once: those of everywhere, of countries, of sites. */
  readonly #sets: readonly Numbers[];
  readonly #ofSite = new Map<string, Numbers>();
  readonly #everywhere: Numbers | undefined;

  constructor({ emergency, sites = [] }: Pick<Configuration, 'sites'> & { readonly emergency: Emergency }) {
    const { countries = {} } = emergency;
    this.#emergency = emergency;
    this.#sites = new Map(sites.map((site) => [site.name, site]));
    this.#everywhere = numbersOf([emergency], undefined);
    const ofCountry = new Map<string, Numbers>();
    for (const [country, scope] of Object.entries(countries)) {
      const numbers = says(scope) ? numbersOf([scope, emergency], country) : undefined;
      if (numbers) ofCountry.set(country, numbers);
    }
    const ofSites = sites.flatMap((site) => {
      const own = emergency.sites[site.name];
      const numbers = own && says(own) ? numbersOf(this.scopesAt(site), site.country) : undefined;
      const its = numbers ?? ofCountry.get(site.country ?? '') ?? this.#everywhere;
      if (its) this.#ofSite.set(site.name, its);
      return numbers ? [numbers] : [];
    });
    this.#sets = [...(this.#everywhere ? [this.#everywhere] : []), ...ofCountry.values(), ...ofSites];
    const scopes = [emergency, ...Object.values(countries), ...Object.values(emergency.sites)];
    this.all = new EmergencyNumbers({
      numbers: scopes.flatMap(({ numbers = [] }) => numbers),
      tests: scopes.flatMap(({ tests = [] }) => tests),
    });
  }

  /** Narrowest first. */
  scopesAt(site: Site | undefined): readonly EmergencyScope[] {
    return this.#scopesOf(site, site?.country);
  }

  /** What is said of that site alone. */
  ownOf(site: Site): EmergencyScope {
    return this.#emergency.sites[site.name] ?? {};
  }

  #scopesOf(site: Site | undefined, country: string | undefined): readonly EmergencyScope[] {
    const { sites, countries } = this.#emergency;
    const of = [site && sites[site.name], country === undefined ? undefined : countries?.[country]];
    return [...of.filter((one) => one !== undefined), this.#emergency];
  }

  /** The number that is dialled for help there, where one has to be chosen. */
  usual(at: Whereabouts): string {
    return this.#known(at)[0]?.numbers.first ?? '';
  }

  /**
   * `find`: how the number is looked for. At a place the numbers of it count, and those of home as people dial what they are used to; help
   * is called by the number of the place then. Whoever may be anywhere is heard by every number.
   */
  dialled(at: Whereabouts, find: (numbers: EmergencyNumbers) => Recognised | undefined): Dialled | undefined {
    const { site } = at;
    const here = site && this.#ofSite.get(site.name);
    for (const known of this.#known(at)) {
      const found = find(known.numbers);
      if (!found) continue;
      // Of a place that is not known, or of which nothing is said, the number itself says in which country it is.
      if (!here) return { ...found, scopes: this.#scopesOf(site, known.country) };
      const scopes = this.scopesAt(site);
      if (known === here || found.test) return { ...found, scopes };
      const number = here.numbers.like(found.number, known.numbers);
      return { ...found, number, how: `${found.how} at home, and ${number} here`, scopes };
    }
    return undefined;
  }

  /** As another node has decided it: the number as it is, whatever it is a mask of elsewhere. */
  decided(number: string): Dialled | undefined {
    for (const { numbers, country } of this.#sets)
      if (numbers.has(number))
        return { number, test: false, how: 'as another node says', scopes: this.#scopesOf(undefined, country) };
    return undefined;
  }

  /** Who hears of it. */
  notifiedAt(site: Site | undefined): readonly Notify[] {
    const told: Notify[] = [];
    for (const { notify = [], notifyAlone } of this.scopesAt(site)) {
      told.push(...notify);
      if (notifyAlone) break;
    }
    return told;
  }

  siteNamed(name: string | undefined): Site | undefined {
    return name === undefined ? undefined : this.#sites.get(name);
  }

  /** Whose numbers count, in order. */
  #known({ site, homes }: Whereabouts): readonly Numbers[] {
    const here = site ? [site.name] : [];
    const own = [...here, ...homes].flatMap((name) => this.#ofSite.get(name ?? '') ?? []);
    // A site of which nothing is said may be of any country.
    const isSure = site !== undefined && this.#ofSite.has(site.name);
    return [...new Set(isSure ? own : [...own, ...this.#sets])];
  }
}

function says({ numbers = [], tests = [] }: EmergencyScope): boolean {
  return numbers.length + tests.length > 0;
}

/** What the first of them says that says something. */
function numbersOf(scopes: readonly EmergencyScope[], country: string | undefined): Numbers | undefined {
  const numbers = scopes.find((scope) => (scope.numbers ?? []).length > 0)?.numbers;
  const tests = scopes.find((scope) => scope.tests)?.tests;
  return numbers && { numbers: new EmergencyNumbers({ numbers, ...(tests && { tests }) }), country };
}
