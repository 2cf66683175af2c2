import { joinMultipart } from '#codec/multipart';
import { pidfLoType, writePidfLo } from '#codec/pidf-lo';
import type { Header } from '#codec/sip-message';
import { bracketed, type Instant, type Octets, type Random } from '#kernel';
import type { Location } from '#policy/configuration';
import type { OutgoingRequest } from '#sip/transaction';
import type { Brought } from './brought.ts';

/** The place that goes along with a call for help: what the caller's INVITE says, or what we know. */
export type Tells =
  | { readonly kind: 'brought'; readonly brought: Brought }
  | { readonly kind: 'ours'; readonly location: Location };

/** Ms that the other end may keep it (RFC 4119 2.2.2 has a day where nothing is said). */
const retention = 86_400_000;

/** Header fields and parts of a body that tell a place (RFC 6442). */
export class Conveyance {
  readonly #headers: Header[] = [];
  readonly #parts: { readonly headers: readonly Header[]; readonly body: Octets }[] = [];
  readonly #boundary: string;

  /** `home`: the host that speaks for us there; `caller`: whose place it is. */
  constructor(tells: Tells, caller: Octets, home: string, random: Random, now: Instant) {
    this.#boundary = random.token(96);
    const host = bracketed(home);
    const objects = tells.kind === 'brought' ? tells.brought.objects : [ours(tells.location, caller, host, now)];
    const uris: Octets[] = [];
    for (const { id: given, body } of objects) {
      const id = given === '' ? `${random.token(64)}@${host}` : given;
      uris.push(`<cid:${id}>`);
      const headers: Header[] = [
        ['Content-Type', pidfLoType],
        ['Content-ID', `<${id}>`],
        // Who does not know what it is takes the call all the same.
        ['Content-Disposition', 'by-reference;handling=optional'],
      ];
      this.#parts.push({ headers, body });
    }
    if (tells.kind === 'brought') for (const uri of tells.brought.references) uris.push(`<${uri}>`);
    if (uris.length === 0) return;
    // RFC 6442 4.2: who is on the way may use it to find who helps there.
    this.#headers.push(['Geolocation', uris.join(', ')], ['Geolocation-Routing', 'yes']);
  }

  /** The request with the place in it. What says that we can do so (`Supported`) is the caller's to add. */
  on(request: OutgoingRequest): OutgoingRequest {
    const { headers, body } = request;
    if (this.#headers.length === 0) return request;
    if (this.#parts.length === 0) return { ...request, headers: [...headers, ...this.#headers] };
    const isOfBody = ([name]: Header) => /^content-(?:type|disposition)$/i.test(name);
    const session = { headers: headers.filter(isOfBody), body: body ?? '' };
    const joined = joinMultipart(session.body === '' ? this.#parts : [session, ...this.#parts], this.#boundary);
    const rest = headers.filter((header) => !isOfBody(header));
    return {
      ...request,
      headers: [...rest, ...this.#headers, ['MIME-Version', '1.0'], ['Content-Type', joined.contentType]],
      body: joined.body,
    };
  }
}

function ours({ civic }: Location, caller: Octets, host: string, { wall }: Instant): { id: Octets; body: Octets } {
  const entity = `pres:${caller === '' ? 'anonymous' : caller}@${host}`;
  // RFC 4119 6.1: what an operator wrote down is "Manual".
  return { id: '', body: writePidfLo({ entity, civic, method: 'Manual', at: wall, expires: wall + retention }) };
}
