/** What holds of every message that leaves, whatever the ladder: checked on each, so that no ladder has to say it. */
import { parseSdp } from '#codec/sdp';
import { SipRequest, type SipResponse } from '#codec/sip-message';
import type { Phone } from './phone.ts';

/** `some`: those of calls between well connected ends. */
type Bypassing = 'all' | 'some' | 'none';

export class Truths {
  readonly #bypass: () => Bypassing;
  /** Call-ID and tag of a peer -> CSeq of our last request in that dialog; without a tag, outside. */
  readonly #cseqs = new Map<string, number>();
  /** Final responses by phone, branch and method. */
  readonly #finals = new Map<string, string>();
  /** Tags of ours -> their Call-ID: they tell dialogs apart, so no two may be the same (19.3). */
  readonly #tags = new Map<string, string>();
  readonly #sessions = new Map<string, { id: string; version: bigint; body: string }>();

  /** `bypass`: which session descriptions pass as they came, with the other side's addresses. */
  constructor(bypass: () => Bypassing) {
    this.#bypass = bypass;
  }

  /** Returns what is wrong with a message to `phone`, or undefined. `others`: everybody else of the ladder. */
  offence(phone: Phone, message: SipRequest | SipResponse, others: Iterable<Phone>): string | undefined {
    if ((message.body !== '') !== (message.get('content-type') !== undefined))
      return 'a body and Content-Type go together';
    const tag = (message instanceof SipRequest ? message.from.tag : message.to.tag) ?? '';
    if (tag !== '' && !phone.wrote(tag)) {
      const owner = this.#tags.get(tag) ?? phone.callId;
      this.#tags.set(tag, owner);
      if (owner !== phone.callId || tag.length < 8) return `our tag "${tag}" is no unique one (19.3)`;
    }
    return (
      this.#shows(phone, message, others) ??
      (message instanceof SipRequest ? this.#request(phone, message) : this.#response(phone, message)) ??
      this.#session(phone, message)
    );
  }

  /** Nothing of one side is visible on the other. */
  #shows(phone: Phone, message: SipRequest | SipResponse, others: Iterable<Phone>): string | undefined {
    const { octets, body } = message;
    const seen = this.#bypass() === 'none' ? octets : octets.slice(0, octets.length - body.length);
    for (const other of others) {
      if (other.place.address.host === phone.place.address.host) continue;
      for (const secret of [other.place.address.host, other.place.ours.host, other.callId, ...other.tags.values()]) {
        if (secret !== phone.place.ours.host && secret !== phone.callId && seen.includes(secret))
          return `it shows ${secret} of ${other.label}`;
      }
    }
    return undefined;
  }

  #request(phone: Phone, request: SipRequest): string | undefined {
    if (request.maxForwards === undefined) return 'no Max-Forwards (RFC 3261 8.1.1)';
    if (!request.via.branch?.startsWith('z9hG4bK')) return 'no branch of RFC 3261 8.1.1.7';
    if ((request.method === 'INVITE' || request.method === 'UPDATE') && !request.contact)
      return `no Contact in an ${request.method} (RFC 3261 8.1.1.8, RFC 3311 5.1)`;
    const isOfDialog = request.method === 'SUBSCRIBE' || request.method === 'NOTIFY' || request.method === 'REFER';
    if (isOfDialog !== (request.contact !== undefined) && (isOfDialog || request.method === 'MESSAGE'))
      return `${isOfDialog ? 'no' : 'a'} Contact in a ${request.method} (RFC 6665 8.3, RFC 3428 4)`;
    if (request.method === 'NOTIFY' && request.get('subscription-state') === undefined)
      return 'a NOTIFY without Subscription-State (RFC 6665 8.2.3)';
    const { hosts } = phone.place;
    if (request.to.tag === undefined && !hosts.includes(request.target?.host ?? ''))
      return `Request-URI ${request.uri} is not at ${hosts.join(' or ')}`;
    const wrong = phone.credentialsOffence(request);
    if (wrong !== undefined) return wrong;
    if (request.to.tag !== undefined && !phone.knowsDialog(request)) return 'tags of no dialog it knows (12.2.1.1)';
    if (request.method === 'CANCEL' && request.via.branch !== phone.invited)
      return `a CANCEL of ${request.via.branch}, not of ${phone.invited} (9.1)`;
    if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
    const outside = `${phone.callId} `;
    const dialog = outside + (request.to.tag ?? '');
    const last = this.#cseqs.get(dialog) ?? this.#cseqs.get(outside);
    if (last !== undefined && request.cseq.number < last) return `CSeq ${request.cseq.number} after ${last} (12.2.1.1)`;
    this.#cseqs.set(dialog, request.cseq.number);
    if (request.to.tag === undefined) return undefined;
    const unasked = request.method === 'PRACK' ? phone.acknowledgeOffence(request) : undefined;
    if (unasked !== undefined) return unasked;
    const fork = [...phone.tags].find(([, tag]) => tag === request.to.tag)?.[0];
    const target = phone.contactOf(fork);
    return request.uri === target ? undefined : `Request-URI ${request.uri} is not its Contact ${target} (12.2.1.1)`;
  }

  #response(phone: Phone, response: SipResponse): string | undefined {
    const { status, cseq, via } = response;
    if (!phone.asked(response)) return 'a Via that it never wrote (8.2.6.2)';
    const isReliable = response.get('rseq') !== undefined;
    if (status < 200 && isReliable !== response.all('require').includes('100rel'))
      return 'RSeq and Require: 100rel go together (RFC 3262 3)';
    if (isReliable && (status === 100 || status >= 200)) return `a reliable ${status} (RFC 3262 3)`;
    if (status > 100 && response.to.tag === undefined) return `no To tag in a ${status} (8.2.6.2)`;
    if (status === 200 && (cseq.method === 'INVITE' || cseq.method === 'UPDATE') && !response.contact)
      return `no Contact in a 2xx to ${cseq.method} (13.3.1.4, RFC 3311 5.2)`;
    if (status < 300 && status >= 200 && cseq.method === 'SUBSCRIBE' && !(response.contact && response.get('expires')))
      return 'a 2xx to SUBSCRIBE without Contact and Expires (RFC 6665 4.2.1.1)';
    if ((status === 405 && !response.get('allow')) || (status === 469 && response.get('recv-info') === undefined))
      return `a ${status} that does not say what is taken (RFC 3261 21.4.6, RFC 6086 5.2)`;
    if (status < 200) return undefined;
    const key = `${phone.label} ${via.branch} ${cseq.method}`;
    const before = this.#finals.get(key);
    this.#finals.set(key, response.octets);
    return before === undefined || before === response.octets ? undefined : `a second final response after:\n${before}`;
  }

  /** RFC 3264 8: one session id; the version goes up by one when the description changed, and only then. */
  #session(phone: Phone, message: SipRequest | SipResponse): string | undefined {
    const bypass = this.#bypass();
    if (message.contentType !== 'application/sdp') return undefined;
    const sdp = parseSdp(message.body);
    const isOurs = !('kind' in sdp) && sdp.origin.address === phone.place.ours.host;
    if (bypass === 'all' && !isOurs) return undefined;
    if ('kind' in sdp) return `its SDP is none: ${sdp.reason}`;
    if (bypass === 'none' && !isOurs) return `o= names ${sdp.origin.address}`;
    const version = BigInt(sdp.origin.version);
    // Of ours there is one for all forks; where a peer's passes, each has its own.
    const tag = message instanceof SipRequest ? message.from.tag : message.to.tag;
    const key = `${phone.label} ${bypass === 'some' ? tag : ''}`;
    const before = this.#sessions.get(key);
    this.#sessions.set(key, { id: sdp.origin.sessionId, version, body: message.body });
    if (!before) return undefined;
    if (before.id !== sdp.origin.sessionId) return 'another session id in o= (RFC 3264 8)';
    if (version !== before.version + (message.body === before.body ? 0n : 1n))
      return `o= version ${version} after ${before.version} (RFC 3264 8)`;
    return undefined;
  }
}
