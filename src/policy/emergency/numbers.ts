import type { Emergency, EmergencyNumber } from '#policy/configuration';

/** A call for help, by what was dialled. */
export interface Recognised {
  /** As trunks get it. */
  readonly number: string;
  /** It only tries what would become of one: nobody is to be called. */
  readonly test: boolean;
  /** For the decision trace: "dialled as it is", "112 is another word for 911". */
  readonly how: string;
}

/** RFC 5031: `urn:service:sos`, and `sos.` with what kind of help is wanted. */
const urn = 'urn:service:';

/** Which of all that is dialled is a call for help. It is asked before any other rule is. */
export class EmergencyNumbers {
  readonly #written = new Map<string, Recognised>();
  /** By service: "sos.police". */
  readonly #services = new Map<string, Recognised>();
  readonly #numbers: readonly EmergencyNumber[];
  readonly #first: Recognised;

  constructor({ numbers, tests = [] }: Pick<Emergency, 'numbers' | 'tests'>) {
    this.#numbers = numbers;
    for (const number of tests) this.#add(number, { number, test: true, how: `${number} is for trying it` });
    for (const { number, masks, services = [] } of numbers) {
      this.#add(number, { number, test: false, how: 'dialled as it is' });
      for (const mask of masks)
        if (mask !== number) this.#add(mask, { number, test: false, how: `${mask} is another word for ${number}` });
      for (const service of services)
        this.#services.set(service.toLowerCase(), { number, test: false, how: `urn:service:${service} is ${number}` });
    }
    const number = numbers[0]?.number ?? '';
    this.#first = { number, test: false, how: `urn:service:sos is ${number}` };
  }

  #add(written: string, recognised: Recognised): void {
    if (!this.#written.has(written)) this.#written.set(written, recognised);
  }

  /** The one that stands for all that no other does. */
  get first(): string {
    return this.#first.number;
  }

  /** As trunks get it: not one that is another word for it. */
  has(number: string): boolean {
    return this.#numbers.some((one) => one.number === number);
  }

  /** The number here for what that number of others is for. */
  like(number: string, others: EmergencyNumbers): string {
    const services = others.#numbers.find((one) => one.number === number)?.services ?? [];
    for (const service of services) {
      const found = this.#services.get(service.toLowerCase());
      if (found) return found.number;
    }
    return this.first;
  }

  /**
   * `dialled`: the number, without separators and parameters. `prefix`: what is dialled there before a number outside; somebody in
   * fear may dial it or not.
   */
  find(dialled: string, prefix?: string): Recognised | undefined {
    return this.#plain(dialled) ?? this.#behind(dialled, prefix);
  }

  /** The Request-URI is a service for help (RFC 5031 4.2), of whatever kind. */
  service(uri: string): Recognised | undefined {
    const lower = uri.toLowerCase();
    if (this.#first.number === '' || !isServiceUrn(lower)) return undefined;
    // A kind that nobody named is the one that it is a kind of.
    for (let name = lower.slice(urn.length); name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
      const found = this.#services.get(name);
      if (found) return found;
    }
    return this.#first;
  }

  /** A short number is the same with "+", which dial plans and phones put before anything. */
  #plain(dialled: string): Recognised | undefined {
    const found = this.#written.get(dialled);
    if (found || dialled[0] !== '+' || dialled.length > 7) return found;
    const short = this.#written.get(dialled.slice(1));
    return short && { ...short, how: `${dialled} is ${short.number}` };
  }

  #behind(dialled: string, prefix: string | undefined): Recognised | undefined {
    if (prefix === undefined || prefix === '' || !dialled.startsWith(prefix)) return undefined;
    const found = this.#plain(dialled.slice(prefix.length));
    return (
      found && {
        ...found,
        how: `${prefix} is for a line outside, and ${dialled.slice(prefix.length)} is ${found.number}`,
      }
    );
  }
}

/** In lower case; RFC 5031 3: letters, digits and hyphens between dots. */
function isServiceUrn(uri: string): boolean {
  return /^urn:service:sos(?:\.[a-z0-9-]+){0,8}$/.test(uri);
}
