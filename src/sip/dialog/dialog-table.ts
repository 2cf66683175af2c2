import type { Octets } from '#kernel';

/** Finds the owner of a dialog from a message's identifiers (RFC 3261 12): Call-ID, our tag, the peer's tag. */
export class DialogTable<Owner> {
  readonly #owners = new Map<string, Owner>();

  get size(): number {
    return this.#owners.size;
  }

  add(callId: Octets, localTag: Octets, remoteTag: Octets, owner: Owner): void {
    this.#owners.set(dialogKey(callId, localTag, remoteTag), owner);
  }

  find(callId: Octets, localTag: Octets, remoteTag: Octets): Owner | undefined {
    return this.#owners.get(dialogKey(callId, localTag, remoteTag));
  }

  remove(callId: Octets, localTag: Octets, remoteTag: Octets): void {
    this.#owners.delete(dialogKey(callId, localTag, remoteTag));
  }
}

function dialogKey(callId: Octets, localTag: Octets, remoteTag: Octets): string {
  return `${callId} ${localTag} ${remoteTag}`;
}
