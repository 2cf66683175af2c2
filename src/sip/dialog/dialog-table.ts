import type { Octets } from '#kernel';

interface Row<Owner> {
  readonly callId: Octets;
  readonly remoteTag: Octets;
  readonly owner: Owner;
  /** Of the same local tag: the dialogs of an INVITE's forks share it. */
  readonly next: Row<Owner> | undefined;
}

/**
 * Finds the owner of a dialog from a message's identifiers (RFC 3261 12): Call-ID, our tag, the peer's tag. Our tag leads there: it
 * is ours to choose, so nobody else can have many dialogs share one, and it is a short key.
 */
export class DialogTable<Owner> {
  readonly #rows = new Map<Octets, Row<Owner>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Of all dialogs that stand. */
  *owners(): Iterable<Owner> {
    for (const first of this.#rows.values())
      for (let row: Row<Owner> | undefined = first; row; row = row.next) yield row.owner;
  }

  /** In place of one of the same identifiers. */
  add(callId: Octets, localTag: Octets, remoteTag: Octets, owner: Owner): void {
    this.remove(callId, localTag, remoteTag);
    this.#rows.set(localTag, { callId, remoteTag, owner, next: this.#rows.get(localTag) });
    this.#size++;
  }

  find(callId: Octets, localTag: Octets, remoteTag: Octets): Owner | undefined {
    for (let row = this.#rows.get(localTag); row; row = row.next)
      if (row.remoteTag === remoteTag && row.callId === callId) return row.owner;
    return undefined;
  }

  remove(callId: Octets, localTag: Octets, remoteTag: Octets): void {
    if (this.find(callId, localTag, remoteTag) === undefined) return;
    let left: Row<Owner> | undefined;
    for (let row = this.#rows.get(localTag); row; row = row.next)
      if (row.remoteTag !== remoteTag || row.callId !== callId) left = { ...row, next: left };
    if (left) this.#rows.set(localTag, left);
    else this.#rows.delete(localTag);
    this.#size--;
  }
}
