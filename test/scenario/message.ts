/** How a line of a ladder writes a message. */
import type { Asked } from './digest.ts';
import { duration, span } from './notation.ts';

/** A message as a ladder writes it: what is named here is what is sent, or what is compared. */
export interface Message {
  readonly what:
    | { readonly kind: 'request'; readonly method: string; readonly user: string | undefined }
    | { readonly kind: 'response'; readonly status: number; readonly method: string; readonly phrase?: string };
  /** In the notation of `writeSdp`. */
  readonly sdp: string | undefined;
  readonly body: { readonly type: string; readonly text: string } | undefined;
  /** The place that it tells (RFC 6442), beside the session description. */
  readonly place: string | undefined;
  /** The ladder's name for the tag of the called side. */
  readonly tag: string | undefined;
  readonly transport: 'udp' | 'tcp' | 'tls' | undefined;
  /** Name of the listener it is sent to, where that is not the peer's own. */
  readonly at: string | undefined;
  /** The same octets as before. */
  readonly again: boolean;
  /** The same request by another way: a new branch. */
  readonly copy: boolean;
  /** A provisional response that is sent reliably (RFC 3262). */
  readonly reliable: boolean;
  /** It leaves and does not arrive. */
  readonly lost: boolean;
  /** So many of its kind at once. */
  readonly times: number;
  /** A 401 or 407: what it asks for. */
  readonly asked: Asked | undefined;
  /** It answers our last challenge, with another password than the right one where that is said. */
  readonly credentials: { readonly password: string | undefined } | undefined;
  /** Of a 200 to REGISTER: ms that it grants, where not what was asked for. */
  readonly expires: number | undefined;
  readonly headers: readonly HeaderClause[];
}

export interface HeaderClause {
  readonly name: string;
  /** '' = any. */
  readonly value: string;
  readonly present: boolean;
}

type Wrong = (what: string) => never;

const notUnderstood: Wrong = (what) => {
  throw new Error(what);
};

/** "5 for 250ms": application/dtmf-relay; "5": application/dtmf. */
function digitBody(text: string, wrong: Wrong): NonNullable<Message['body']> {
  const [key = '', time] = text.split(' for ');
  if (time === undefined) return { type: 'application/dtmf', text: key };
  const ms = duration(time) ?? wrong(`"${time}" is no time: 250ms`);
  return { type: 'application/dtmf-relay', text: `Signal=${key}\r\nDuration=${ms}\r\n` };
}

export function parseMessageText(text: string, wrong: Wrong = notUnderstood): Message {
  const [main = '', ...clauses] = text.split(/\s+(?=with(?:out)?\s)/);
  const headers = clauses.map((clause) => headerClause(clause, wrong));
  let sdp: string | undefined;
  let body: Message['body'];
  let place: string | undefined;
  const phrase = /^\d+.*?"([^"]*)"/.exec(main)?.[1];
  const words = (phrase === undefined ? main : main.replace(`"${phrase}"`, ''))
    .replace(/\b(sdp|body|sipfrag|digit|place)\(([^)]*)\)/g, (_, kind: string, inside: string) => {
      if (kind === 'sdp') sdp = inside.trim().replaceAll(/\s+/g, ' ');
      else if (kind === 'sipfrag') body = { type: 'message/sipfrag', text: `SIP/2.0 ${inside}\r\n` };
      else if (kind === 'place') place = inside;
      else if (kind === 'digit') body = digitBody(inside, wrong);
      else {
        const [type = '', content = ''] = span(inside.trim());
        body = { type, text: content };
      }
      return '';
    })
    .split(/\s+/)
    .filter((word) => word !== '');
  const start = words.shift() ?? wrong('no message');
  let what: Message['what'];
  if (/^[1-6]\d\d$/.test(start)) {
    const method = /^[A-Z]+$/.test(words[0] ?? '') ? words.shift()! : 'INVITE';
    what = { kind: 'response', status: Number(start), method, ...(phrase === undefined ? {} : { phrase }) };
  } else if (/^[A-Z]+$/.test(start)) {
    const named = words[0] !== undefined && /^[+\d*]|:|@$/.test(words[0]);
    what = { kind: 'request', method: start, user: named ? words.shift()!.replace(/@$/, '') : undefined };
  } else {
    return wrong(`"${start}" is neither a method nor a status`);
  }
  let tag: string | undefined;
  let transport: Message['transport'];
  let at: string | undefined;
  let expires: number | undefined;
  let times = 1;
  const ask: { -readonly [key in keyof Asked]?: Asked[key] } = {};
  let credentials: Message['credentials'];
  const flags = { again: false, copy: false, lost: false, reliable: false };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith('tag=')) tag = word.slice(4);
    else if (word === 'by' && ['tcp', 'udp', 'tls'].includes(words[0] ?? ''))
      transport = words.shift() as 'tcp' | 'udp' | 'tls';
    else if (word === 'at' && words[0] !== undefined) at = words.shift();
    else if (word === 'again' || word === 'copy' || word === 'lost' || word === 'reliable') flags[word] = true;
    else if (/^x\d+$/.test(word)) times = Number(word.slice(1));
    else if (word.startsWith('realm=')) ask.realm = word.slice(6);
    else if (word.startsWith('nonce=')) ask.nonce = word.slice(6);
    else if (word.startsWith('algorithm=')) ask.algorithm = word.slice(10);
    else if (word === 'stale') ask.stale = true;
    else if (word === 'authorized') credentials = { password: undefined };
    else if (word.startsWith('password=')) credentials = { password: word.slice(9) };
    else if (word.startsWith('expires=')) expires = duration(word.slice(8)) ?? wrong(`${word} is no time`);
    else
      wrong(
        `"${word}" is not understood: sdp(…) body(…) place(…) digit(…) sipfrag(…) tag=NAME by tcp, at LISTENER, again, copy, lost, reliable, x20, realm=…, authorized, expires=…, with, without`,
      );
  }
  const { realm, nonce, stale = false, algorithm = 'MD5' } = ask;
  const asked = realm === undefined ? undefined : { realm, nonce, stale, algorithm };
  return { what, sdp, body, place, tag, transport, at, ...flags, times, asked, credentials, expires, headers };
}

function headerClause(clause: string, wrong: Wrong): HeaderClause {
  const [word, rest = ''] = span(clause);
  const colon = rest.indexOf(':');
  const name = (colon < 0 ? rest : rest.slice(0, colon)).trim();
  const value = colon < 0 ? '' : rest.slice(colon + 1).trim();
  if (!/^[A-Za-z.-]+$/.test(name)) wrong(`"${rest}" is no header`);
  if (word === 'without' && value !== '') wrong('"without" takes a name only');
  // x*1200 is a long word.
  const long = /^(.)\*(\d+)$/.exec(value);
  return { name, value: long ? long[1]!.repeat(Number(long[2])) : value, present: word === 'with' };
}
