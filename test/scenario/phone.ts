/** A peer's side of one call: it fills in what a ladder does not write, and remembers what it was told. */
import {
  formatRequest,
  formatResponse,
  type Header,
  parseMessage,
  parseNameAddress,
  SipRequest,
  type SipResponse,
} from '#codec/sip-message';
import { bracketed, formatHostPort, type HostPort } from '#kernel';
import type { Flow } from '#sip/flow';
import { type Account, authorization, type Digests } from './digest.ts';
import type { HeaderClause, Message } from './message.ts';
import { writeSdp } from './notation.ts';
import { withPlace } from './place-told.ts';
import { usersDomain } from './user-settings.ts';

/** Where a peer is, and which of our addresses it speaks to. */
export interface Place {
  /** Trunks whose address it is, or, of a stranger, that it may prove to be. */
  readonly trunks: readonly string[];
  readonly address: HostPort;
  readonly ours: HostPort;
  readonly listener: string;
  /** Hosts that it may be called by: its address, and its trunks' domains. */
  readonly hosts: readonly string[];
  /** What it answers our challenges with. */
  readonly account: Account | undefined;
  /** Whose device it is, and where it believes to be itself: behind a NAT. */
  readonly user?: string;
  /** The number that he is known by. */
  readonly line?: string;
  readonly behind?: string;
}

/** A peer's connection, when it speaks TCP or TLS. */
export interface PeerConnection {
  readonly transport: 'tcp' | 'tls';
  readonly name: string;
}

export class Phone {
  readonly label: string;
  readonly place: Place;
  readonly callId: string;
  /** The ladder's names of tags of the called side -> the tags. */
  readonly tags = new Map<string, string>();
  /** When its call began, on the wall clock. */
  readonly began: number;
  /** Of the INVITE that opened the call: user parts of From and of the Request-URI. */
  numbers: Numbers = { from: '', to: '', meant: [] };
  connection: PeerConnection | undefined;
  /** Tag and RAck of reliable responses that it sent and nobody acknowledged. */
  readonly #reliable = new Set<string>();
  /** RSeq of the last one of each tag. */
  readonly #rseqs = new Map<string, number>();
  /** Our tag -> RAck for the last reliable response that came in that dialog. */
  readonly #racks = new Map<string, string>();
  /** Octets that came to it: what comes again is known. */
  readonly #came = new Set<string>();
  /** Tags and branches that it wrote, and our tags that it was shown. */
  readonly #wrote = new Set<string>();
  readonly #shown = new Set<string>();
  readonly #sent = new Map<string, string>();
  readonly #requests = new Map<string, SipRequest>();
  readonly #caller: boolean;
  readonly #digests: Digests;
  /** What our last 401 asked for. */
  #challenges: readonly string[] = [];
  /** Credentials of the last INVITE that came. */
  #inviteCredentials = '';
  readonly #tag: string;
  #local: string;
  #remote: string;
  #remoteTag: string | undefined;
  #confirmed = false;
  #remoteTarget: string;
  #contact: string;
  #cseq = 0;
  #branches = 0;
  #sdpVersion = 0;
  #lastSdp: string | undefined;
  #invite: { branch: string; cseq: number; uri: string; to: string; refused: boolean } | undefined;

  private constructor(
    label: string,
    place: Place,
    digests: Digests,
    began: number,
    callId: string,
    caller: boolean,
    local: string,
    remote: string,
  ) {
    this.#digests = digests;
    this.label = label;
    this.began = began;
    this.place = place;
    this.callId = callId;
    this.#caller = caller;
    this.#tag = `${label.replace('#', '-')}-tag`;
    this.#local = local;
    this.#remote = remote;
    const { user = label.replace('#', '-'), behind } = place;
    this.#contact = `sip:${user}@${behind === undefined ? formatHostPort(place.address) : `${behind}:5060`}`;
    this.#remoteTarget = '';
  }

  static caller(label: string, place: Place, digests: Digests, began: number, user: string | undefined): Phone {
    const uri = (who: string | undefined, host: string) =>
      `<sip:${who === undefined ? '' : `${who}@`}${bracketed(host)}>`;
    const phone = new Phone(
      label,
      place,
      digests,
      began,
      `call-${label.replace('#', '-')}@${place.address.host}`,
      true,
      uri('+49301000', place.address.host),
      uri(user, place.ours.host),
    );
    phone.#remoteTarget = `sip:${user === undefined ? '' : `${user}@`}${formatHostPort(place.ours)}`;
    if (place.user !== undefined) phone.#local = `<sip:${place.user}@${usersDomain}>`;
    return phone;
  }

  /** A device of a user that registers (RFC 3261 10.2). */
  static registrant(label: string, place: Place, digests: Digests, began: number): Phone {
    const aor = `<sip:${place.user}@${usersDomain}>`;
    const phone = new Phone(label, place, digests, began, `register-${label}`, true, aor, aor);
    phone.#remoteTarget = `sip:${usersDomain}`;
    return phone;
  }

  /** Who gets the first request of a call; or a REGISTER, or an OPTIONS, which stand by themselves. */
  static callee(label: string, place: Place, digests: Digests, began: number, invite: SipRequest): Phone {
    const remote = (invite.get('from') ?? '').replace(/;tag=.*$/, '');
    const phone = new Phone(label, place, digests, began, invite.callId, false, invite.get('to') ?? '', remote);
    phone.#remoteTag = invite.from.tag;
    phone.numbers = numbersOf(invite.octets);
    phone.#confirmed = true;
    return phone;
  }

  get caller(): boolean {
    return this.#caller;
  }

  /** The URI by which it wants to be reached, for a fork of it. */
  contactOf(tag: string | undefined): string {
    if (tag === undefined || this.#caller) return this.#contact;
    return this.#contact.replace('sip:', `sip:${tag}-`);
  }

  /** What the peer writes for a step of the ladder. */
  write(message: Message): string {
    const key = keyOf(message.what);
    if (message.again) {
      const before = this.#sent.get(key);
      if (before === undefined) throw new Error(`${this.label} has sent no ${key} that could come again`);
      return before;
    }
    const octets =
      message.what.kind === 'request' ? this.#request(message, message.what) : this.#response(message, message.what);
    this.#sent.set(key, octets);
    if (key === 'INVITE' && this.numbers.to === '') this.numbers = numbersOf(octets);
    for (const [, written] of octets.matchAll(/;(?:tag|branch)=([^;\r]+)/g)) this.#wrote.add(written!);
    return octets;
  }

  /** A request in a dialog that it knows: its own tag in To, one that we showed it in From. */
  knowsDialog({ from, to }: SipRequest): boolean {
    return this.#wrote.has(to.tag ?? '') && this.#shown.has(from.tag ?? '');
  }

  /** What is wrong with the credentials of a request that came; to be asked once for each. */
  credentialsOffence(request: SipRequest): string | undefined {
    const carried = [...request.all('authorization'), ...request.all('proxy-authorization')].sort().join('\n');
    if (request.method === 'INVITE') this.#inviteCredentials = carried;
    if (request.method === 'ACK' && this.#confirmedAck(request) && carried !== this.#inviteCredentials)
      return 'an ACK with other credentials than its INVITE (RFC 3261 22.1)';
    return this.#digests.offence(request);
  }

  /** The ACK of a 2xx: of a refusal it may carry less (17.1.1.3). */
  #confirmedAck(ack: SipRequest): boolean {
    return ack.via.branch !== this.invited;
  }

  /** The branch of the INVITE that came last: a CANCEL has the same (RFC 3261 9.1). */
  get invited(): string | undefined {
    return this.#requests.get('INVITE')?.via.branch;
  }

  /** What is wrong with the RAck of a PRACK: it acknowledges a reliable response of this dialog, once (RFC 3262 7.2). */
  acknowledgeOffence(prack: SipRequest): string | undefined {
    const rack = prack.get('rack') ?? '';
    const mine = `${prack.to.tag} ${rack}`;
    return this.#reliable.has(mine) ? undefined : `RAck "${rack}" is of none of its responses (RFC 3262 7.2)`;
  }

  /** A response to a request of its own. */
  asked({ via }: SipResponse): boolean {
    return this.#wrote.has(via.branch ?? '');
  }

  wrote(tag: string): boolean {
    return this.#wrote.has(tag);
  }

  wasShown(tag: string): boolean {
    return this.#shown.has(tag);
  }

  /** The same octets came before. */
  knows(message: SipRequest | SipResponse): boolean {
    return this.#came.has(identity(message));
  }

  /** Takes a message that came; true when the same octets came before. */
  take(message: SipRequest | SipResponse): boolean {
    const again = this.knows(message);
    this.#came.add(identity(message));
    const ours = message instanceof SipRequest ? message.from.tag : message.to.tag;
    // RFC 6665 4.1.2.4: a NOTIFY may make the dialog.
    const begins = !(message instanceof SipRequest) || message.to.tag === undefined || message.method === 'NOTIFY';
    if (ours !== undefined && begins) this.#shown.add(ours);
    const subscribed = message instanceof SipRequest ? message.method === 'NOTIFY' : isSubscribing(message.cseq.method);
    if (subscribed && this.#caller && (message instanceof SipRequest || message.status < 300)) this.#remoteTag ??= ours;
    if (message.contact) this.#remoteTarget = message.contact.uri;
    if (message instanceof SipRequest) {
      this.#requests.set(message.method, message);
      return again;
    }
    const rseq = message.get('rseq');
    if (rseq !== undefined) this.#racks.set(message.to.tag ?? '', `${rseq} ${message.cseq.number} INVITE`);
    if (message.status === 401) this.#challenges = message.all('www-authenticate');
    if (message.cseq.method === 'INVITE' && message.cseq.number === this.#invite?.cseq) {
      this.#invite.refused = message.status >= 300;
      if (!this.#confirmed && message.to.tag !== undefined && message.status < 300) {
        this.#remoteTag = message.to.tag;
        this.#confirmed = message.status >= 200;
      }
    }
    return again;
  }

  #request(message: Message, { method, user }: Message['what'] & { kind: 'request' }): string {
    const { place } = this;
    const invite = this.#invite;
    const known = message.tag === undefined ? undefined : this.tags.get(message.tag);
    const remoteTag = this.#caller && message.tag !== undefined ? known : this.#remoteTag;
    if (message.tag !== undefined && this.#caller && known === undefined)
      throw new Error(`nobody has shown a tag "${message.tag}"`);
    let branch = `z9hG4bK-${this.label.replace('#', '-')}-${++this.#branches}`;
    let uri =
      remoteTag === undefined && user !== undefined ? `sip:${user}@${formatHostPort(place.ours)}` : this.#remoteTarget;
    if (user?.includes(':')) uri = user;
    let to = remoteTag === undefined ? this.#remote : `${this.#remote};tag=${remoteTag}`;
    let cseq = this.#cseq;
    if (method === 'ACK' || method === 'CANCEL') {
      if (!invite) throw new Error(`${this.label} has sent no INVITE`);
      cseq = invite.cseq;
      if (method === 'CANCEL' || invite.refused) ({ branch, uri } = invite);
      if (method === 'CANCEL') ({ to } = invite);
      else if (invite.refused && this.#refusalTag !== undefined) to = `${this.#remote};tag=${this.#refusalTag}`;
    } else if (message.copy) {
      if (!invite) throw new Error(`${this.label} has sent no INVITE to copy`);
      ({ cseq, uri, to } = invite);
    } else {
      cseq = ++this.#cseq;
    }
    if (method === 'INVITE' && !message.copy) this.#invite = { branch, cseq, uri, to, refused: false };
    const transport = (this.connection?.transport ?? 'udp').toUpperCase();
    const fromTag = this.#caller ? this.#tag : this.#ownTag(message.tag);
    const headers: Header[] = [
      ['Via', `SIP/2.0/${transport} ${formatHostPort(place.address)};branch=${branch};rport`],
      ['Max-Forwards', '70'],
      ['From', `${this.#local};tag=${fromTag}`],
      ['To', to],
      ['Call-ID', this.callId],
      ['CSeq', `${cseq} ${method}`],
    ];
    if (
      method === 'INVITE' ||
      method === 'UPDATE' ||
      method === 'NOTIFY' ||
      method === 'REGISTER' ||
      isSubscribing(method)
    )
      headers.push(['Contact', `<${this.contactOf(message.tag)}>`]);
    const rack = method === 'PRACK' ? this.#racks.get(remoteTag ?? '') : undefined;
    if (rack !== undefined) headers.push(['RAck', rack]);
    if (message.credentials) {
      const { account } = place;
      if (!account) throw new Error(`${this.label} has no password: "authenticates=…"`);
      const { password = account.password } = message.credentials;
      headers.push(['Authorization', authorization(this.#challenges, method, uri, { ...account, password })]);
    }
    const [bodyHeaders, body] = this.#body(message);
    return formatRequest(method, uri, this.#with([...headers, ...bodyHeaders], message.headers), body);
  }

  /** The To tag of the refusal that its ACK repeats. */
  #refusalTag: string | undefined;

  /** Notes the final refusal of its INVITE: the ACK carries its To (RFC 3261 17.1.1.3). */
  noteRefusal(response: SipResponse): void {
    if (response.cseq.method === 'INVITE' && response.status >= 300) this.#refusalTag = response.to.tag;
  }

  #response(message: Message, { status, method, phrase }: Message['what'] & { kind: 'response' }): string {
    const request = this.#requests.get(method);
    if (!request) throw new Error(`${this.label} has got no ${method} to answer`);
    const headers: Header[] = request.all('via').map((via) => ['Via', via] as const);
    for (const route of request.all('record-route')) headers.push(['Record-Route', route]);
    const to = request.get('to') ?? '';
    const tagged = request.to.tag !== undefined || status === 100;
    headers.push(
      ['From', request.get('from') ?? ''],
      ['To', tagged ? to : `${to};tag=${this.#ownTag(message.tag)}`],
      ['Call-ID', request.callId],
      ['CSeq', request.get('cseq') ?? ''],
    );
    if (message.asked) {
      const field = status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate';
      headers.push([field, this.#digests.challenge(message.asked)]);
    }
    // 10.3: what it holds for the address, which is what it was told.
    if (method === 'REGISTER' && status === 200)
      for (const contact of request.all('contact')) headers.push(['Contact', granted(contact, message.expires)]);
    if ((method === 'UPDATE' || isSubscribing(method)) && status < 300)
      headers.push(['Contact', `<${this.contactOf(message.tag)}>`]);
    if (method === 'INVITE' && status > 100 && status < 300)
      headers.push(['Contact', `<${this.contactOf(message.tag)}>`]);
    const ownTag = this.#ownTag(message.tag);
    if (method === 'PRACK' && status === 200) this.#reliable.delete(`${request.to.tag} ${request.get('rack')}`);
    if (message.reliable) {
      const said = message.headers.find(({ name }) => name.toLowerCase() === 'rseq')?.value;
      const rseq = said === undefined ? (this.#rseqs.get(ownTag) ?? 100) + 1 : Number(said);
      this.#rseqs.set(ownTag, rseq);
      this.#reliable.add(`${ownTag} ${rseq} ${request.cseq.number} INVITE`);
      headers.push(['Require', '100rel'], ['RSeq', String(rseq)]);
    }
    if (method === 'INVITE' && status >= 200 && status < 300 && message.tag !== undefined && !this.#answeredBy)
      this.#answeredBy = message.tag;
    const [bodyHeaders, body] = this.#body(message);
    return formatResponse(
      status,
      phrase ?? phraseOf(status),
      this.#with([...headers, ...bodyHeaders], message.headers),
      body,
    );
  }

  /** Name of the fork that answered first: requests of the called side come from it. */
  #answeredBy: string | undefined;

  #ownTag(name: string | undefined): string {
    const which = name ?? this.#answeredBy;
    if (which === undefined) return this.#tag;
    this.tags.set(which, `${this.#tag}-${which}`);
    return `${this.#tag}-${which}`;
  }

  /** The dialog whose place it was told to take, in the last REFER that came. */
  get referredTo(): string | undefined {
    const value = this.#requests.get('REFER')?.get('refer-to');
    const written = /[?&]Replaces=([^&>]*)/i.exec(value ?? '')?.[1];
    return written === undefined ? undefined : decodeURIComponent(written);
  }

  /** How it names its dialog to somebody else (RFC 3891 6.1). */
  get dialog(): string {
    return `${this.callId};to-tag=${this.#remoteTag};from-tag=${this.#caller ? this.#tag : this.#ownTag(undefined)}`;
  }

  #body(message: Message): [Header[], string] {
    if (message.body) return [[['Content-Type', message.body.type]], message.body.text.replaceAll(' / ', '\r\n')];
    if (message.sdp === undefined) return [[], ''];
    if (message.sdp !== this.#lastSdp) this.#sdpVersion++;
    this.#lastSdp = message.sdp;
    const sdp = writeSdp(message.sdp, this.#sdpVersion);
    if (message.place !== undefined) return withPlace(sdp, message.place);
    return [[['Content-Type', 'application/sdp']], sdp];
  }

  #with(headers: Header[], clauses: readonly HeaderClause[]): Header[] {
    let result = headers;
    for (const { name, value, present } of clauses) {
      const same = name.toLowerCase();
      const written = result.findIndex(([old]) => old.toLowerCase() === same);
      if (!present) result = result.filter(([old]) => old.toLowerCase() !== same);
      else if (written < 0) result = [...result, [name, value]];
      else result = result.with(written, [name, value]);
      if (present && same === 'contact' && value !== '*') this.#contact = parseNameAddress(value)?.uri ?? value;
    }
    return result;
  }

  /** Where its messages go: by its connection, or to our address on its side. */
  flow(listener: string): Flow {
    const { address } = this.place;
    if (!this.connection) return { transport: 'udp', listener: `${listener}/udp`, remote: address };
    const { transport, name } = this.connection;
    return { transport, listener: `${listener}/${transport}`, remote: address, connection: name };
  }
}

/** User parts of an INVITE's From and Request-URI, and who else may be meant where the latter is our own Contact. */
interface Numbers {
  readonly from: string;
  readonly to: string;
  readonly meant: readonly string[];
}

function numbersOf(invite: string): Numbers {
  const first = (found: RegExpExecArray | null) => found?.slice(1).find(Boolean) ?? '';
  const from = first(/\r\nFrom:[^\r]*?(?:sips?:([^@>\r]+)@|<tel:([^;>\r]+))/.exec(invite));
  const to = first(/^INVITE (?:sip:([^@ ]+)@|tel:([^ ]+))/.exec(invite));
  const fields = invite.matchAll(/\r\n(?:P-Called-Party-ID|To):[^\r]*?sips?:([^@>\r]+)@/g);
  return { from, to, meant: [...fields].map(([, user = '']) => user) };
}

/** An ACK that is sent again has a new branch: it belongs to no transaction. */
function identity({ cseq, octets }: SipRequest | SipResponse): string {
  return cseq.method === 'ACK' ? octets.replace(/branch=[^;\r]*/, '') : octets;
}

function keyOf(what: Message['what']): string {
  return what.kind === 'request' ? what.method : `${what.status} ${what.method}`;
}

/** Reads octets that the engine sent: they must be a message. */
export function readSent(octets: string): SipRequest | SipResponse {
  const message = parseMessage(octets);
  if (message.kind === 'fault') throw new Error(`what the engine sent is no message: ${message.reason}\n${octets}`);
  return message;
}

/** A Contact of a REGISTER as it is granted for so many ms. */
function granted(contact: string, ms: number | undefined): string {
  return ms === undefined ? contact : contact.replace(/;expires=\d+/, `;expires=${ms / 1000}`);
}

/** It makes a dialog, or is of one that was made so (RFC 6665, RFC 3515). */
function isSubscribing(method: string): boolean {
  return method === 'SUBSCRIBE' || method === 'REFER';
}

function phraseOf(status: number): string {
  return status < 200 ? 'Progress' : status < 300 ? 'OK' : 'Refused';
}
