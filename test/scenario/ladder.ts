/** The grammar of `.ladder` files (README.md beside this file shows it): text in, steps out, errors with file:line. */
import { duration, span } from './notation.ts';

/** A message as a ladder writes it: what is named here is what is sent, or what is compared. */
export interface Message {
  readonly what:
    | { readonly kind: 'request'; readonly method: string; readonly user: string | undefined }
    | { readonly kind: 'response'; readonly status: number; readonly method: string; readonly phrase?: string };
  /** In the notation of `writeSdp`. */
  readonly sdp: string | undefined;
  readonly body: { readonly type: string; readonly text: string } | undefined;
  /** The ladder's name for the tag of the called side. */
  readonly tag: string | undefined;
  readonly transport: 'udp' | 'tcp' | undefined;
  /** Name of the listener it is sent to, where that is not the peer's own. */
  readonly at: string | undefined;
  /** The same octets as before. */
  readonly again: boolean;
  /** The same request by another way: a new branch. */
  readonly copy: boolean;
  /** It leaves and does not arrive. */
  readonly lost: boolean;
  readonly headers: readonly HeaderClause[];
}

export interface HeaderClause {
  readonly name: string;
  /** '' = any. */
  readonly value: string;
  readonly present: boolean;
}

/** What happens on the way there, under the messages. */
export type Signal = 'connect' | 'accept' | 'refuse' | 'close' | 'unreachable' | 'keep-alive';
export type MediaAct = 'no-ports' | 'holds' | 'answers' | 'dies' | 'cut' | 'back' | 'silent';
export type StoreAct = 'holds' | 'deaf' | 'answers';

export type Act =
  | { readonly kind: 'send'; readonly party: string; readonly message: Message }
  | { readonly kind: 'expect'; readonly party: string; readonly message: Message }
  | { readonly kind: 'signal'; readonly party: string; readonly signal: Signal }
  | { readonly kind: 'expect-connect'; readonly party: string }
  | { readonly kind: 'wait' }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'media'; readonly act: MediaAct }
  | { readonly kind: 'store'; readonly act: StoreAct }
  /** `config`: what the next process is given, where it is not the same. */
  | { readonly kind: 'crash'; readonly config: string | undefined }
  | { readonly kind: 'drain' | 'stop' | 'idle' }
  | { readonly kind: 'record' | 'relay' | 'dropped'; readonly text: string };

export interface Step {
  readonly line: number;
  /** The line as written, without its comment. */
  readonly text: string;
  /** Ms that pass before it. */
  readonly after: number | undefined;
  readonly act: Act;
}

export interface Ladder {
  readonly file: string;
  /** The first comment: what this ladder proves. */
  readonly title: string;
  readonly config: string;
  readonly configLine: number;
  readonly steps: readonly Step[];
}

export class LadderError extends Error {
  override readonly name = 'LadderError';
  constructor(file: string, line: number, text: string) {
    super(`${file}:${line}: ${text}`);
  }
}

export function parseLadder(file: string, text: string): Ladder {
  let title = '';
  let config: string | undefined;
  let configLine = 0;
  const steps: Step[] = [];
  text.split('\n').forEach((raw, index) => {
    const line = index + 1;
    const wrong = (what: string): never => {
      throw new LadderError(file, line, what);
    };
    if (raw.startsWith('#')) {
      if (title === '') title = raw.slice(1).trim();
      return;
    }
    const comment = raw.search(/\s#\s/);
    const written = (comment < 0 ? raw : raw.slice(0, comment)).trim();
    if (written === '') return;
    if (written.startsWith('config:')) {
      if (config !== undefined || steps.length > 0) wrong('config: stands once, before the first step');
      config = written.slice('config:'.length).trim();
      configLine = line;
      return;
    }
    if (config === undefined) wrong('a ladder begins with "config: NAME" (configurations.ts)');
    steps.push({ line, text: written, ...parseStep(written, wrong) });
  });
  if (title === '') throw new LadderError(file, 1, 'a ladder begins with a comment that says what it proves');
  if (config === undefined || steps.length === 0) throw new LadderError(file, 1, 'nothing happens in it');
  return { file, title, config, configLine, steps };
}

type Wrong = (what: string) => never;

function parseStep(written: string, wrong: Wrong): Pick<Step, 'after' | 'act'> {
  const timed = /^\+(\S+)\s+(.*)$/.exec(written);
  if (timed) return { after: ms(timed[1]!, wrong), act: parseAct(timed[2]!, wrong) };
  const wait = /^wait\s+(\S+)$/.exec(written);
  if (wait) return { after: ms(wait[1]!, wrong), act: { kind: 'wait' } };
  return { after: undefined, act: parseAct(written, wrong) };
}

function ms(text: string, wrong: Wrong): number {
  return duration(text) ?? wrong(`"${text}" is no time: 500ms, 5s, 2m`);
}

const mediaActs: Readonly<Record<string, MediaAct>> = {
  'has no ports': 'no-ports',
  holds: 'holds',
  answers: 'answers',
  dies: 'dies',
  'is cut off': 'cut',
  'is back': 'back',
  'is silent': 'silent',
};
const storeActs: Readonly<Record<string, StoreAct>> = { holds: 'holds', 'is deaf': 'deaf', answers: 'answers' };
const signals: readonly string[] = [
  'connect',
  'accept',
  'refuse',
  'close',
  'unreachable',
  'keep-alive',
] satisfies Signal[];

function parseAct(text: string, wrong: Wrong): Act {
  const [first = '', rest = ''] = span(text);
  switch (first) {
    case 'crash':
      return { kind: 'crash', config: rest === '' ? undefined : rest };
    case 'drain':
    case 'stop':
    case 'idle':
      if (rest !== '') wrong(`nothing follows "${first}"`);
      return { kind: first };
    case 'record':
    case 'relay':
    case 'dropped':
      return { kind: first, text: rest.replaceAll(/\s+/g, ' ') };
    case 'clock':
      return { kind: 'clock', ms: ms(rest.replace(/^jumps\s+/, ''), wrong) };
    case 'media':
      return { kind: 'media', act: mediaActs[rest] ?? wrong(`media: ${Object.keys(mediaActs).join(' | ')}`) };
    case 'store':
      return { kind: 'store', act: storeActs[rest] ?? wrong(`store: ${Object.keys(storeActs).join(' | ')}`) };
  }
  const [arrow = '', message = ''] = span(rest);
  if (!/^[a-z][\w-]*(#\d+)?$/.test(first) || (arrow !== '->' && arrow !== '<-'))
    return wrong(`neither "PARTY -> …" nor "PARTY <- …" nor another step: ${text}`);
  if (arrow === '<-') {
    if (message === 'connect') return { kind: 'expect-connect', party: first };
    return { kind: 'expect', party: first, message: parseMessageText(message, wrong) };
  }
  if (signals.includes(message)) return { kind: 'signal', party: first, signal: message as Signal };
  return { kind: 'send', party: first, message: parseMessageText(message, wrong) };
}

function parseMessageText(text: string, wrong: Wrong): Message {
  const [main = '', ...clauses] = text.split(/\s+(?=with(?:out)?\s)/);
  const headers = clauses.map((clause) => headerClause(clause, wrong));
  let sdp: string | undefined;
  let body: Message['body'];
  const phrase = /^\d+.*?"([^"]*)"/.exec(main)?.[1];
  const words = (phrase === undefined ? main : main.replace(`"${phrase}"`, ''))
    .replace(/\b(sdp|body)\(([^)]*)\)/, (_, kind: string, inside: string) => {
      if (kind === 'sdp') sdp = inside.trim().replaceAll(/\s+/g, ' ');
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
    const named = words[0] !== undefined && /^[+\d*]|:/.test(words[0]);
    what = { kind: 'request', method: start, user: named ? words.shift() : undefined };
  } else {
    return wrong(`"${start}" is neither a method nor a status`);
  }
  let tag: string | undefined;
  let transport: Message['transport'];
  let at: string | undefined;
  const flags = { again: false, copy: false, lost: false };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith('tag=')) tag = word.slice(4);
    else if (word === 'by' && (words[0] === 'tcp' || words[0] === 'udp')) transport = words.shift() as 'tcp' | 'udp';
    else if (word === 'at' && words[0] !== undefined) at = words.shift();
    else if (word === 'again' || word === 'copy' || word === 'lost') flags[word] = true;
    else
      wrong(
        `"${word}" is not understood: sdp(…) body(…) tag=NAME by tcp, at LISTENER, again, copy, lost, with, without`,
      );
  }
  return { what, sdp, body, tag, transport, at, ...flags, headers };
}

function headerClause(clause: string, wrong: Wrong): HeaderClause {
  const [word, rest = ''] = span(clause);
  const colon = rest.indexOf(':');
  const name = (colon < 0 ? rest : rest.slice(0, colon)).trim();
  const value = colon < 0 ? '' : rest.slice(colon + 1).trim();
  if (!/^[A-Za-z-]+$/.test(name)) wrong(`"${rest}" is no header`);
  if (word === 'without' && value !== '') wrong('"without" takes a name only');
  // x*1200 is a long word.
  const long = /^(.)\*(\d+)$/.exec(value);
  return { name, value: long ? long[1]!.repeat(Number(long[2])) : value, present: word === 'with' };
}
