import type { AnyHappening } from './happening.ts';
import type { WebhookSender } from './sender.ts';

/** What was known of the world when something was told last, by name; it is kept with what is told, and outlives the process. */
export class Memory {
  readonly #sender: Pick<WebhookSender, 'tell'>;
  readonly #known: Map<string, string>;
  /** What is not kept yet. */
  readonly #changed = new Set<string>();

  constructor(sender: Pick<WebhookSender, 'tell' | 'known'>) {
    this.#sender = sender;
    this.#known = sender.known();
  }

  get(name: string): string | undefined {
    return this.#known.get(name);
  }

  /** Undefined: it is forgotten. Kept with what is told next. */
  set(name: string, value: string | undefined): void {
    if (this.#known.get(name) === value) return;
    if (value === undefined) this.#known.delete(name);
    else this.#known.set(name, value);
    this.#changed.add(name);
  }

  /** Names of a kind: what is behind `kind `. */
  names(kind: string): string[] {
    const start = `${kind} `;
    return [...this.#known.keys()].flatMap((name) => (name.startsWith(start) ? [name.slice(start.length)] : []));
  }

  /** Forgets what is not there any more. */
  keepOnly(kind: string, names: ReadonlySet<string>): void {
    for (const name of this.names(kind)) if (!names.has(name)) this.set(`${kind} ${name}`, undefined);
  }

  /** False: it could not be kept, and what is to be known will be with what is told next. */
  tell(happenings: readonly AnyHappening[]): boolean {
    if (happenings.length === 0 && this.#changed.size === 0) return true;
    const isKept = this.#sender.tell(
      happenings,
      [...this.#changed].map((name) => [name, this.#known.get(name)] as const),
    );
    if (isKept) this.#changed.clear();
    return isKept;
  }
}
