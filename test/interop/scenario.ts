/**
 * SIPp scenarios, written as the ladder one party sees. Every function gives one step (XML of SIPp's); `scenario` joins
 * them. Branches are named here and not by SIPp, so that a CANCEL or the ACK of a failure carries its INVITE's.
 */

type Step = string;

interface MessageOptions {
  readonly headers?: readonly string[];
  /** A session description (`sdp(…)`), or any other body with `contentType`. */
  readonly body?: string;
  readonly contentType?: string;
  readonly contact?: string;
  readonly maxForwards?: number;
  readonly requestUri?: string;
  /** A To tag of this name instead of the party's own: a fork. */
  readonly fork?: string;
  /**
   * Of a reply to the INVITE: another request has come since, and the INVITE was received with `keepRequest`; `proxied`: with
   * `keepProxied`, having come by one proxy.
   */
  readonly later?: boolean | 'proxied';
  /** Retransmit until answered, over UDP; requests but ACK do. */
  readonly retransmit?: boolean;
  /** Where to go on afterwards. */
  readonly next?: string;
}

interface ReceiveOptions {
  readonly optional?: boolean;
  /** Extended regular expressions that the message must, and must not, match. */
  readonly expect?: readonly string[];
  readonly refuse?: readonly string[];
  /** Milliseconds, and the label to go on at when nothing came; without a label the call fails. */
  readonly timeout?: number;
  readonly onTimeout?: string;
  /** Where to go on when it came. */
  readonly next?: string;
  /** Its Contact becomes the remote target, its Record-Route the route set. */
  readonly target?: boolean;
  /** More of SIPp's actions. */
  readonly actions?: readonly string[];
}

export interface SdpOptions {
  /** Of the session description, raised at every change. */
  readonly version?: number;
  readonly direction?: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly host?: string;
  /** `[auto_media_port]`: another one for every call. */
  readonly port?: string | number;
  /** Static payload types, preferred first. */
  readonly codecs?: readonly (0 | 8 | 9)[];
  /** More lines, at the end of the audio section. */
  readonly lines?: readonly string[];
}

const codecNames = { 0: 'PCMU/8000', 8: 'PCMA/8000', 9: 'G722/8000' };

export function sdp(options: SdpOptions = {}): string {
  const { version = 1, direction, host = '[media_ip]', port = '[media_port]', codecs = [8, 0] } = options;
  return [
    'v=0',
    `o=- 7 ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${[...codecs, 101].join(' ')}`,
    ...codecs.map((codec) => `a=rtpmap:${codec} ${codecNames[codec]}`),
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    ...(direction === undefined ? [] : [`a=${direction}`]),
    ...(options.lines ?? []),
  ].join('\n');
}

const via = (branch: string): string =>
  `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-${branch}`;
const ownContact = '<sip:[local_ip]:[local_port];transport=[transport]>';

function message(lines: readonly string[], options: MessageOptions): string {
  const { body, contentType = 'application/sdp', headers = [] } = options;
  const end =
    body === undefined
      ? ['Content-Length: 0', '', '']
      : [`Content-Type: ${contentType}`, 'Content-Length: [len]', '', body];
  return [...lines, ...headers, ...end].join('\n');
}

function send(text: string, options: MessageOptions, retransmitted: boolean): Step {
  const retrans = (options.retransmit ?? retransmitted) ? ' retrans="500"' : '';
  const next = options.next === undefined ? '' : ` next="${options.next}"`;
  return `<send${retrans}${next}><![CDATA[\n${text}\n]]></send>`;
}

/** The side of a dialog that called. */
export const caller = {
  invite: (options: MessageOptions = {}): Step => initial('INVITE', options),
  /** A request outside a dialog. */
  outside: (method: string, options: MessageOptions = {}): Step => initial(method, options),
  /** The ACK of the 2xx to the INVITE of this CSeq. */
  ack: (cseq = 1, options: MessageOptions = {}): Step => send(callerRequest('ACK', cseq, options), options, false),
  /** The ACK of any other final response: same branch, hop by hop (RFC 3261 17.1.1.3). */
  ackFailure: (): Step =>
    send(
      message(
        [
          'ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0',
          via('INVITE1'),
          callerFrom,
          'To: <sip:[service]@[remote_ip]>[peer_tag_param]',
          'Call-ID: [call_id]',
          'CSeq: 1 ACK',
          'Max-Forwards: 70',
        ],
        {},
      ),
      {},
      false,
    ),
  /** The ACK of a failed re-INVITE. */
  ackReinviteFailure: (cseq: number): Step => send(callerRequest('ACK', cseq, {}, `INVITE${cseq}`), {}, false),
  cancel: (): Step =>
    send(
      message(
        [
          'CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0',
          via('INVITE1'),
          callerFrom,
          'To: <sip:[service]@[remote_ip]>',
          'Call-ID: [call_id]',
          'CSeq: 1 CANCEL',
          'Max-Forwards: 70',
        ],
        {},
      ),
      {},
      true,
    ),
  /** A request inside the dialog. */
  request: (method: string, cseq: number, options: MessageOptions = {}): Step =>
    send(callerRequest(method, cseq, options), options, method !== 'ACK'),
};

/** Requests in a dialog whose sender may have moved. */
const saysWhere: ReadonlySet<string> = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY']);

const callerFrom = 'From: <sip:4930100@[local_ip]>;tag=[pid]c[call_number]';

function initial(method: string, options: MessageOptions): Step {
  const uri = options.requestUri ?? 'sip:[service]@[remote_ip]:[remote_port]';
  return send(
    message(
      [
        `${method} ${uri} SIP/2.0`,
        via(`${method}1`),
        callerFrom,
        'To: <sip:[service]@[remote_ip]>',
        'Call-ID: [call_id]',
        `CSeq: 1 ${method}`,
        `Contact: ${options.contact ?? ownContact}`,
        `Max-Forwards: ${options.maxForwards ?? 70}`,
      ],
      options,
    ),
    options,
    true,
  );
}

function callerRequest(method: string, cseq: number, options: MessageOptions, branch = `${method}${cseq}`): string {
  const contact = saysWhere.has(method) ? [`Contact: ${options.contact ?? ownContact}`] : [];
  return message(
    [
      `${method} ${options.requestUri ?? '[next_url]'} SIP/2.0`,
      via(branch),
      '[routes]',
      callerFrom,
      'To: <sip:[service]@[remote_ip]>[peer_tag_param]',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      ...contact,
      'Max-Forwards: 70',
    ],
    options,
  );
}

/** The side of a dialog that was called. It starts with `callee.receivesInvite()`. */
export const callee = {
  receivesInvite: (options: ReceiveOptions = {}): Step => callee.receives('INVITE', options),
  /** Any request that sets a dialog up. */
  receives: (method: string, options: ReceiveOptions = {}): Step =>
    receive(method, {
      ...options,
      target: true,
      actions: [
        keep('.*', 'From:', 'from'),
        keep('.*', 'To:', 'to'),
        keep('.*', 'CSeq:', 'cseq'),
        ...(options.actions ?? []),
      ],
    }),
  /** A response to the INVITE that set the dialog up; after a CANCEL too, whose Via is the same. */
  reply: (status: string, options: MessageOptions = {}): Step =>
    send(
      message(
        [
          `SIP/2.0 ${status}`,
          options.later ? 'Via:[$keptVia]' : '[last_Via:]',
          ...(options.later === 'proxied' ? ['Via:[$keptNextVia]'] : []),
          '[last_Record-Route:]',
          'From:[$from]',
          `To:[$to];tag=[pid]s[call_number]${options.fork ?? ''}`,
          '[last_Call-ID:]',
          'CSeq:[$cseq]',
          `Contact: ${options.contact ?? ownContact}`,
        ],
        options,
      ),
      options,
      status.startsWith('2'),
    ),
  request: (method: string, cseq: number, options: MessageOptions = {}): Step =>
    send(calleeRequest(method, cseq, options), options, method !== 'ACK'),
  ack: (cseq: number, options: MessageOptions = {}): Step => send(calleeRequest('ACK', cseq, options), options, false),
  ackReinviteFailure: (cseq: number): Step => send(calleeRequest('ACK', cseq, {}, `INVITE${cseq}`), {}, false),
};

function calleeRequest(method: string, cseq: number, options: MessageOptions, branch = `${method}${cseq}`): string {
  const contact = saysWhere.has(method) ? [`Contact: ${options.contact ?? ownContact}`] : [];
  return message(
    [
      `${method} [next_url] SIP/2.0`,
      via(`s${branch}`),
      '[routes]',
      'From:[$to];tag=[pid]s[call_number]',
      'To:[$from]',
      'Call-ID: [call_id]',
      `CSeq: ${cseq} ${method}`,
      ...contact,
      'Max-Forwards: 70',
    ],
    options,
  );
}

/** A response to the request that came last, inside a dialog or where the To tag is there already. */
export function answer(status: string, options: MessageOptions = {}): Step {
  const contact = options.body === undefined ? [] : [`Contact: ${options.contact ?? ownContact}`];
  return send(
    message(
      [`SIP/2.0 ${status}`, '[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]', ...contact],
      options,
    ),
    options,
    options.body !== undefined, // a 200 to a re-INVITE is retransmitted until its ACK
  );
}

/** Answers the request that `keepRequest` kept: other messages came in between. */
export function answerKept(status: string, options: MessageOptions = {}): Step {
  const lines = [
    `SIP/2.0 ${status}`,
    'Via:[$keptVia]',
    'From:[$keptFrom]',
    'To:[$keptTo]',
    'Call-ID: [call_id]',
    'CSeq:[$keptCseq]',
    ...(options.body === undefined ? [] : [`Contact: ${ownContact}`]),
  ];
  return send(message(lines, options), options, options.body !== undefined);
}

/** Waits for a request (its method) or a response (its status). */
export function receive(what: string | number, options: ReceiveOptions = {}): Step {
  const attributes = [typeof what === 'number' ? `response="${what}"` : `request="${what}"`];
  if (what === 'INVITE' || options.target) attributes.push('rrs="true"');
  if (options.optional) attributes.push('optional="true"');
  if (options.timeout !== undefined) attributes.push(`timeout="${options.timeout}"`);
  if (options.onTimeout !== undefined) attributes.push(`ontimeout="${options.onTimeout}"`);
  if (options.next !== undefined) attributes.push(`next="${options.next}"`);
  const check = (inverse: string) => (pattern: string) =>
    `<ereg regexp="${escapeXml(pattern)}" search_in="msg" ${inverse}="true" assign_to="checked"/>`;
  const actions = [
    ...(options.actions ?? []),
    ...(options.expect ?? []).map(check('check_it')),
    ...(options.refuse ?? []).map(check('check_it_inverse')),
  ];
  if (actions.length === 0) return `<recv ${attributes.join(' ')}/>`;
  return `<recv ${attributes.join(' ')}><action>${actions.join('')}</action></recv>`;
}

/** The 200 to an INVITE. */
export const receiveAnswer = (options: ReceiveOptions = {}): Step => receive(200, { ...options, target: true });

/** 100, 180 and 183, each there or not; a mandatory `receive` must follow. */
export const anyProgress: Step = [100, 180, 183].map((status) => receive(status, { optional: true })).join('\n');

/** Any one of several responses. `label` must be unique in the scenario. */
export function receiveOneOf(statuses: readonly number[], label: string): Step {
  const [last, ...others] = [...statuses].reverse();
  return [...others.map((status) => receive(status, { optional: true, next: label })), receive(last!), at(label)].join(
    '\n',
  );
}

const keepable = ['from', 'to', 'cseq', 'keptVia', 'keptNextVia', 'keptFrom', 'keptTo', 'keptCseq'] as const;

/** Keeps what `pattern` matches in a header (its value from the blank on) as `[$name]`. */
function keep(pattern: string, header: string, name: (typeof keepable)[number]): string {
  return `<ereg regexp="${escapeXml(pattern)}" search_in="hdr" header="${header}" assign_to="${name}"/>`;
}

/** Actions of a `receive` whose request is answered later, by `answerKept`. */
export const keepRequest: readonly string[] = [
  keep('.*', 'Via:', 'keptVia'),
  keep('.*', 'From:', 'keptFrom'),
  keep('.*', 'To:', 'keptTo'),
  keep('.*', 'CSeq:', 'keptCseq'),
];

/** The same of an INVITE that has come by a proxy. */
export const keepProxied: readonly string[] = [
  ...keepRequest,
  '<ereg regexp=".*" search_in="hdr" header="Via:" occurrence="2" assign_to="keptNextVia"/>',
];

export const pause = (milliseconds: number): Step => `<pause milliseconds="${milliseconds}"/>`;
export const at = (label: string): Step => `<label id="${label}"/>`;

export function scenario(name: string, steps: readonly Step[], variables: readonly string[] = []): string {
  const text = steps.join('\n');
  const used = [...keepable, 'checked', ...variables].filter((variable) => text.includes(`assign_to="${variable}"`));
  const reference = used.length === 0 ? '' : `<Reference variables="${used.join(',')}"/>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE scenario SYSTEM "sipp.dtd">',
    `<scenario name="${escapeXml(name)}">`,
    text,
    reference,
    '</scenario>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
