import { detach, type Octets } from '#kernel';
import type { Trunk } from '#policy/configuration';

/** Entity tags that are remembered (docs/limits.md): of a forgotten one the publisher learns by 412, and publishes anew. */
export const mostPublications = 10_000;

/**
 * Which trunk holds what was published there (RFC 3903 4.1): it alone knows the entity tag. Where a route leads to several,
 * the next PUBLISH of the same state goes to that one first.
 */
export class Publications {
  /** The longest unused first. */
  readonly #trunks = new Map<string, Trunk>();

  get size(): number {
    return this.#trunks.size;
  }

  /** `trunks` in the order in which they are to be tried. */
  order(trunks: readonly Trunk[], source: Trunk, etag: Octets | undefined): readonly Trunk[] {
    const holder = etag === undefined ? undefined : this.#trunks.get(keyOf(source, etag));
    if (!holder || !trunks.includes(holder)) return trunks;
    return [holder, ...trunks.filter((trunk) => trunk !== holder)];
  }

  /** `holder` took a PUBLISH: the tag that it knew the state by, and the one by which it knows it now. */
  published(holder: Trunk, source: Trunk, old: Octets | undefined, etag: Octets | undefined): void {
    if (old !== undefined) this.#trunks.delete(keyOf(source, old));
    if (etag === undefined) return;
    const key = keyOf(source, etag);
    this.#trunks.delete(key);
    if (this.#trunks.size >= mostPublications) this.#trunks.delete(this.#trunks.keys().next().value!);
    this.#trunks.set(key, holder);
  }
}

/** A tag may be as long as a header: what is kept of it is not. */
const longestTag = 256;

function keyOf({ name }: Trunk, etag: Octets): string {
  return detach(`${name} ${etag.slice(0, longestTag)}`);
}
