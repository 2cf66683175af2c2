import type { Octets } from '#kernel';
import { contactId, contentTypeId, headerId, headerName, isList, lowerName } from './header-names.ts';
import { firstItem, splitList } from './lists.ts';
import { type NameAddress, parseNameAddress } from './name-address.ts';
import { classes, equalsNoCase, isToken } from './octet-classes.ts';
import { slotOf, slotSize, valueAt } from './scan.ts';
import type { SipUri } from './uri.ts';
import type { Via } from './via.ts';

/** A token, as received: methods are told apart by case (RFC 3261 7.1). */
export type Method = string;

export interface CSeq {
  /** Below 2^31. */
  readonly number: number;
  readonly method: Method;
}

export interface Field {
  /** Full name in lower case. */
  readonly name: string;
  /** The name as written. */
  readonly display: Octets;
  readonly value: Octets;
}

/** One part of a multipart body (RFC 2046, RFC 5621). */
export interface BodyPart {
  /** type/subtype in lower case; RFC 2046 5.1 has text/plain where none is given. */
  readonly type: string;
  /** The whole value of Content-Type, as it came. */
  readonly contentType: Octets;
  /** Without its angle brackets; '' when it has none. */
  readonly id: string;
  /** Content-Disposition: its token in lower case, '' when there is none. */
  readonly disposition: string;
  /** Somebody who does not know what it is may leave it out (RFC 5621 8: only where that is said). */
  readonly optional: boolean;
  readonly body: Octets;
}

/** What the parser hands to a message: checked values, and the offsets of the rest. */
export interface Parts {
  readonly octets: Octets;
  readonly slots: readonly number[];
  readonly folded: boolean;
  readonly body: Octets;
  readonly callId: Octets;
  readonly cseq: CSeq;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly via: Via;
}

const none: readonly Octets[] = Object.freeze([]);

/** A received message. Fields that routing and transactions need were checked; all others are read when asked for. */
abstract class SipMessageBase {
  /** As received. */
  readonly octets: Octets;
  readonly callId: Octets;
  readonly cseq: CSeq;
  readonly from: NameAddress;
  readonly to: NameAddress;
  /** The topmost. */
  readonly via: Via;
  readonly body: Octets;
  /** What came beside the session description that is its body, where it had several parts. */
  parts: readonly BodyPart[] | undefined = undefined;
  readonly #slots: readonly number[];
  readonly #folded: boolean;
  #contact: NameAddress | undefined | null = null;

  constructor(parts: Parts) {
    this.octets = parts.octets;
    this.callId = parts.callId;
    this.cseq = parts.cseq;
    this.from = parts.from;
    this.to = parts.to;
    this.via = parts.via;
    this.body = parts.body;
    this.#slots = parts.slots;
    this.#folded = parts.folded;
  }

  /** The first field's whole value, unfolded. Name: full, lower case. */
  get(name: string): Octets | undefined {
    const id = headerId(name);
    if (id > 0) {
      const slot = slotOf(this.#slots, id);
      return slot < 0 ? undefined : this.#value(slot);
    }
    for (let slot = 0; slot < this.#slots.length; slot += slotSize) {
      if (this.#slots[slot] === 0 && this.#isNamed(slot, name)) return this.#value(slot);
    }
    return undefined;
  }

  /** Every value in order; the fields that are comma-separated lists are split, empty elements left out. */
  all(name: string): readonly Octets[] {
    const id = headerId(name);
    // Most are asked for that are not there.
    let values: Octets[] | undefined;
    for (let slot = 0; slot < this.#slots.length; slot += slotSize) {
      if (this.#slots[slot] !== id || (id === 0 && !this.#isNamed(slot, name))) continue;
      const value = this.#value(slot);
      // One alone: an array that is pushed to is made for sixteen.
      if (isList(id) && (value === '' || value.includes(','))) {
        values ??= [];
        splitList(value, values);
      } else if (values === undefined) values = [value];
      else values.push(value);
    }
    return values ?? none;
  }

  /** Every field as it stands, in order. */
  fields(): readonly Field[] {
    const fields: Field[] = [];
    for (let slot = 0; slot < this.#slots.length; slot += slotSize) {
      const id = this.#slots[slot]!;
      const display = this.#display(slot);
      fields.push({ name: id > 0 ? lowerName(id) : headerName(display), display, value: this.#value(slot) });
    }
    return fields;
  }

  /** The first Contact; undefined when there is none, it is "*" or (responses only) malformed. */
  get contact(): NameAddress | undefined {
    if (this.#contact !== null) return this.#contact;
    const slot = slotOf(this.#slots, contactId);
    const value = slot < 0 ? undefined : firstItem(this.#value(slot));
    this.#contact = value === undefined ? undefined : parseNameAddress(value);
    return this.#contact;
  }

  /** type/subtype in lower case, without parameters. */
  get contentType(): string | undefined {
    const slot = slotOf(this.#slots, contentTypeId);
    if (slot < 0) return undefined;
    const value = this.#value(slot);
    if (value === 'application/sdp') return 'application/sdp';
    const semicolon = value.indexOf(';');
    return (semicolon < 0 ? value : value.slice(0, semicolon)).replaceAll(' ', '').replaceAll('\t', '').toLowerCase();
  }

  #value(slot: number): Octets {
    return valueAt(this.octets, this.#slots[slot + 2]!, this.#slots[slot + 3]!, this.#folded);
  }

  #nameEnd(slot: number): number {
    let end = this.#slots[slot + 1]!;
    while ((classes[this.octets.charCodeAt(end)]! & isToken) !== 0) end++;
    return end;
  }

  #display(slot: number): Octets {
    return this.octets.slice(this.#slots[slot + 1]!, this.#nameEnd(slot));
  }

  #isNamed(slot: number, lower: string): boolean {
    return equalsNoCase(this.octets, this.#slots[slot + 1]!, this.#nameEnd(slot), lower);
  }
}

export class SipRequest extends SipMessageBase {
  readonly kind = 'request';
  readonly method: Method;
  /** The Request-URI. */
  readonly uri: Octets;
  /** The Request-URI in parts; undefined only in a fault's message. */
  readonly target: SipUri | undefined;
  /** 0..255; undefined when the field is missing. */
  readonly maxForwards: number | undefined;
  /** As it came, where it is read otherwise: what identifies dialogs and transactions is what the peer sent. */
  asCame: SipRequest | undefined = undefined;

  constructor(parts: Parts, method: Method, uri: Octets, target: SipUri | undefined, maxForwards: number | undefined) {
    super(parts);
    this.method = method;
    this.uri = uri;
    this.target = target;
    this.maxForwards = maxForwards;
  }
}

export class SipResponse extends SipMessageBase {
  readonly kind = 'response';
  /** 100..699. */
  readonly status: number;
  readonly phrase: Octets;

  constructor(parts: Parts, status: number, phrase: Octets) {
    super(parts);
    this.status = status;
    this.phrase = phrase;
  }
}

export type SipMessage = SipRequest | SipResponse;

/** Octets that are no message we may act on. */
export interface ParseFault {
  readonly kind: 'fault';
  /** For people: logs and counters. Holds nothing of the message. */
  readonly reason: string;
  /** Suggested answer; only with `message`. */
  readonly status?: number;
  /**
   * The request as far as it can be read, when a response could find its way back (a sent-by was found, and it is no
   * ACK). Fields may be missing or malformed: copy those that `get` and `all` find, trust nothing else.
   */
  readonly message?: SipRequest;
}
