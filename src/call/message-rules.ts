import type { SipMessage, SipRequest, SipResponse } from '#codec/sip-message';
import { bracketed, detach, type HostPort, type Octets, toOctets, toText } from '#kernel';
import type { Trunk } from '#policy/configuration';
import {
  type Change,
  type Circumstances,
  type Draft,
  draftOf,
  fieldsOf,
  type Manipulation,
  messageOf,
} from '#policy/manipulation';
import type { Flow } from '#sip/flow';
import type { OutgoingRequest, OutgoingResponse, Rewriter } from '#sip/transaction';
import { callerOf, numberOf } from './identity/index.ts';
import type { CallServices, TrunkServices } from './services.ts';

/** Where what rules did is told: the decision trace of a call. */
export interface RuleTrace {
  /** Once for each rule, however often it acts. */
  noted(rule: string, outcome: string): void;
}

/** The call that messages are part of, as rules may ask for it. */
export interface RuledCall extends RuleTrace {
  readonly caller: Octets;
  readonly called: Octets;
}

/** Whose messages they are. */
export interface Ruled {
  readonly trunk: Trunk;
  /** Our address there, and where the peer is. */
  readonly our: HostPort;
  readonly peer: HostPort;
  /** They belong to a dialog that stands. */
  readonly within: boolean;
  /** `from-trunk`: the call came by the trunk. */
  readonly side: 'from-trunk' | 'to-trunk' | undefined;
}

/** Who knows the rules. */
export interface RuleServices {
  manipulation(trunk: Trunk): Manipulation | undefined;
  readonly trunks: Pick<TrunkServices, 'way'>;
}

/** Characters of what a rule did that are kept. */
const longestNote = 160;

/** A trunk's rules on messages, for those of one dialog or one request. Of trunks without rules there is none. */
export class MessageRules implements Rewriter {
  readonly #manipulation: Manipulation;
  readonly #services: RuleServices;
  readonly #ruled: Ruled;
  /** Asked anew each time: a leg may go on in another call. */
  #call: () => RuledCall | undefined;
  /** What was done before there was a call to tell it. */
  #waiting: (readonly [rule: string, outcome: string])[] | undefined;

  private constructor(
    manipulation: Manipulation,
    services: RuleServices,
    ruled: Ruled,
    call: () => RuledCall | undefined,
  ) {
    this.#manipulation = manipulation;
    this.#services = services;
    this.#ruled = ruled;
    this.#call = call;
  }

  /** `call`: undefined outside of calls. */
  static of(services: RuleServices, ruled: Ruled, call?: () => RuledCall): MessageRules | undefined {
    const manipulation = services.manipulation(ruled.trunk);
    return manipulation && new MessageRules(manipulation, services, ruled, call ?? (() => undefined));
  }

  /** For a request that came outside dialogs. Whom it is about is told by `tell`, once that is known. */
  static ofNew(services: CallServices, trunk: Trunk, flow: Flow): MessageRules | undefined {
    const our = services.flows.socket(flow.listener)?.advertise ?? flow.remote;
    const rules = MessageRules.of(services, { trunk, our, peer: flow.remote, within: false, side: 'from-trunk' });
    if (rules) rules.#waiting = [];
    return rules;
  }

  tell(call: RuledCall): void {
    for (const [rule, outcome] of this.#waiting ?? []) call.noted(rule, outcome);
    this.#waiting = undefined;
    this.#call = () => call;
  }

  /** Checkpoints hold requests, and rules are the configuration's. */
  toJSON(): undefined {
    return undefined;
  }

  request(request: OutgoingRequest): OutgoingRequest {
    const { method } = request;
    if (!this.#manipulation.concerns('out', method, 0)) return { ...request, rewriter: this };
    const draft: Draft = {
      kind: 'request',
      method,
      status: 0,
      phrase: '',
      uri: request.uri,
      from: request.from,
      to: request.to,
      fields: fieldsOf(request.headers),
      body: request.body,
      within: this.#ruled.within,
    };
    const changes = this.#manipulation.apply('out', draft, this.#circumstances());
    if (changes.length === 0) return { ...request, rewriter: this };
    this.#note(changes, method, 0, 'to');
    const { uri, from, to, body } = draft;
    return { ...request, uri, from, to, headers: headersOf(draft), body, rewriter: this };
  }

  response(response: OutgoingResponse, request: SipRequest): OutgoingResponse {
    const { method } = request;
    const { status, phrase = '', headers = [], body = '' } = response;
    if (!this.#manipulation.concerns('out', method, status)) return response;
    const draft: Draft = {
      kind: 'response',
      method,
      status,
      phrase,
      uri: '',
      from: request.get('from') ?? '',
      to: request.get('to') ?? '',
      fields: fieldsOf(headers),
      body,
      within: this.#ruled.within,
    };
    const changes = this.#manipulation.apply('out', draft, this.#circumstances());
    if (changes.length === 0) return response;
    this.#note(changes, method, status, 'to');
    const { phrase: _old, ...rest } = response;
    const said = draft.phrase === '' ? {} : { phrase: draft.phrase };
    return { ...rest, status: draft.status, ...said, headers: headersOf(draft), body: draft.body };
  }

  received<Message extends SipMessage>(message: Message): Message;
  received(message: SipRequest | SipResponse): SipMessage {
    const isRequest = message.kind === 'request';
    const method = isRequest ? message.method : message.cseq.method;
    const status = isRequest ? 0 : message.status;
    if (!this.#manipulation.concerns('in', method, status)) return message;
    const draft = { ...draftOf(message), within: this.#ruled.within };
    const changes = this.#manipulation.apply('in', draft, this.#circumstances(message));
    if (changes.length === 0) return message;
    const changed = messageOf(draft);
    // Nothing that rules leave is without a reader; should one be, what came counts.
    if (changed.kind === 'fault') return message;
    this.#note(changes, method, status, 'from');
    if (changed.kind === 'request' && isRequest) changed.asCame = message;
    return changed;
  }

  #circumstances(message?: SipMessage): Circumstances {
    const { trunk, our, peer, side } = this.#ruled;
    const way = this.#services.trunks.way(trunk);
    const call = this.#call();
    return {
      trunk: trunk.name,
      call: side,
      // Of a message that begins a call nothing else tells.
      caller: call?.caller ?? callerOf(message?.get('from') ?? ''),
      called: call?.called ?? (message?.kind === 'request' ? numberOf(message.target?.user ?? '') : ''),
      ourHost: bracketed(way.home ?? our.host),
      peerHost: bracketed(way.domain ?? peer.host),
      account: toOctets(trunk.identity?.user ?? ''),
    };
  }

  #note(changes: readonly Change[], method: string, status: number, way: 'from' | 'to'): void {
    const what = status === 0 ? method : `${status} (${method})`;
    const { name } = this.#ruled.trunk;
    for (const { rule, text } of changes) {
      const line = `trunk ${name}, rule ${rule}`;
      const outcome = `${what} ${way} it: ${toText(detach(text)).slice(0, longestNote)}`;
      if (this.#waiting) this.#waiting.push([line, outcome]);
      else this.#call()?.noted(line, outcome);
    }
  }
}

function headersOf({ fields }: Draft): OutgoingRequest['headers'] {
  return fields.map(({ display, value }) => [display, value] as const);
}
