/** The grammar of `.ladder` files (README.md beside this file shows it): text in, steps out, errors with file:line. */
import { type Message, parseMessageText } from './message.ts';
import { duration, span } from './notation.ts';

/** What happens on the way there, under the messages. */
export type Signal = 'connect' | 'accept' | 'refuse' | 'close' | 'unreachable' | 'keep-alive' | 'retire';
/** How a connection is: by TLS where `tls`, to or of somebody with these names. */
export interface Connecting {
  readonly tls: boolean;
  readonly names: readonly string[];
  /** No trunk trusts who signed its certificate. */
  readonly untrusted: boolean;
}
export type MediaAct = 'no-ports' | 'holds' | 'answers' | 'dies' | 'cut' | 'back';
export type StoreAct = 'holds' | 'deaf' | 'answers';

export type Act =
  | { readonly kind: 'send'; readonly party: string; readonly message: Message }
  | { readonly kind: 'expect'; readonly party: string; readonly message: Message }
  | {
      readonly kind: 'signal';
      readonly party: string;
      readonly signal: Signal;
      readonly connecting: Connecting;
      /** Why a connection is refused or closed. */
      readonly reason: string;
    }
  | { readonly kind: 'expect-connect'; readonly party: string; readonly connecting: Connecting }
  | { readonly kind: 'wait' }
  | { readonly kind: 'clock'; readonly ms: number }
  | { readonly kind: 'media'; readonly act: MediaAct }
  /** `side`: of that one alone. */
  | { readonly kind: 'silence'; readonly act: 'silent' | 'heard'; readonly side: 'a' | 'b' | undefined }
  /** A key that the media process hears. */
  | { readonly kind: 'presses'; readonly side: 'a' | 'b'; readonly key: string; readonly ms: number }
  | { readonly kind: 'store'; readonly act: StoreAct }
  /** `config`: what the next process is given, where it is not the same. */
  | { readonly kind: 'crash'; readonly config: string | undefined }
  | { readonly kind: 'configure'; readonly config: string }
  | { readonly kind: 'drain' | 'stop' | 'idle' }
  | {
      readonly kind:
        | 'record'
        | 'relay'
        | 'dropped'
        | 'traced'
        | 'shows'
        | 'asked'
        | 'made'
        | 'notified'
        | 'dns'
        | 'service';
      readonly text: string;
    }
  /** Somebody ends the call that this phone has begun. */
  | { readonly kind: 'operator'; readonly phone: string }
  | { readonly kind: 'probe' | 'register'; readonly trunk: string };

export interface Step {
  readonly line: number;
  /** The line as written, without its comment. */
  readonly text: string;
  /** Ms that pass before it. */
  readonly after: number | undefined;
  /** It comes when it comes, within so many ms. */
  readonly within?: number;
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
      if (steps.length > 0) wrong('config: stands before the first step');
      const named = written.slice('config:'.length).trim();
      config = config === undefined ? named : `${config}, ${named}`;
      configLine = line;
      return;
    }
    if (config === undefined) wrong('a ladder begins with "config: NAME" (configurations.ts)');
    for (const one of registering(written)) steps.push({ line, text: one, ...parseStep(one, wrong) });
  });
  if (title === '') throw new LadderError(file, 1, 'a ladder begins with a comment that says what it proves');
  if (config === undefined || steps.length === 0) throw new LadderError(file, 1, 'nothing happens in it');
  return { file, title, config, configLine, steps };
}

/** "ann registers, ann-2 by tcp": each is asked to prove itself, does so and is bound. */
function registering(written: string): readonly string[] {
  const [, party = '', how = ''] = /^([a-z][\w-]*) registers\b(.*)$/.exec(written) ?? [];
  if (party === '') return [written];
  const [by = '', ...clauses] = how.trim().split(/\s+(?=with(?:out)?\s)|(?=^with)/);
  const said = clauses.map((clause) => ` ${clause}`).join('');
  const back = /by (tcp|tls)/.exec(by)?.[0] ?? '';
  return [
    `${party} -> REGISTER ${by}${said}`,
    `${party} <- 401 REGISTER ${back}`,
    'dropped challenged',
    `${party} -> REGISTER authorized ${by}${said}`,
    `${party} <- 200 REGISTER ${back}`,
  ];
}

type Wrong = (what: string) => never;

function parseStep(written: string, wrong: Wrong): Pick<Step, 'after' | 'within' | 'act'> {
  const timed = /^\+(\S+)\s+(.*)$/.exec(written);
  if (timed) return { after: ms(timed[1]!, wrong), act: parseAct(timed[2]!, wrong) };
  const within = /^within\s+(\S+)\s+(.*)$/.exec(written);
  if (within) {
    const act = parseAct(within[2]!, wrong);
    if (act.kind !== 'expect' && act.kind !== 'expect-connect') wrong('within … is for what leaves');
    return { after: undefined, within: ms(within[1]!, wrong), act };
  }
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
};
const storeActs: Readonly<Record<string, StoreAct>> = { holds: 'holds', 'is deaf': 'deaf', answers: 'answers' };
const signals: readonly string[] = [
  'connect',
  'accept',
  'refuse',
  'close',
  'unreachable',
  'keep-alive',
  'retire',
] satisfies Signal[];

function parseAct(text: string, wrong: Wrong): Act {
  const [first = '', rest = ''] = span(text);
  switch (first) {
    case 'crash':
      return { kind: 'crash', config: rest === '' ? undefined : rest };
    case 'configure':
      return rest === '' ? wrong('another configuration follows "configure"') : { kind: 'configure', config: rest };
    case 'drain':
    case 'stop':
    case 'idle':
      if (rest !== '') wrong(`nothing follows "${first}"`);
      return { kind: first };
    case 'record':
    case 'relay':
    case 'dropped':
    case 'traced':
    case 'shows':
    case 'asked':
    case 'made':
    case 'notified':
    case 'dns':
    case 'service':
      return { kind: first, text: rest.replaceAll(/\s+/g, ' ') };
    case 'operator':
      return rest.startsWith('ends ') ? { kind: first, phone: rest.slice(5).trim() } : wrong('operator ends PHONE');
    case 'probe':
    case 'register':
      return { kind: first, trunk: rest };
    case 'clock': {
      const [, back, time = rest] = /^jumps\s+(-?)(.*)$/.exec(rest) ?? [];
      return { kind: 'clock', ms: (back === '-' ? -1 : 1) * ms(time, wrong) };
    }
    case 'media': {
      const silence = /^is (silent|heard)(?: at the (caller|callee))?$/.exec(rest);
      if (silence) {
        const side = silence[2] === undefined ? undefined : silence[2] === 'caller' ? 'a' : 'b';
        return { kind: 'silence', act: silence[1] as 'silent' | 'heard', side };
      }
      return { kind: 'media', act: mediaActs[rest] ?? wrong(`media: ${Object.keys(mediaActs).join(' | ')}`) };
    }
    case 'caller':
    case 'callee': {
      const [, key = '', time] =
        /^presses (\S)(?: for (\S+))?$/.exec(rest) ?? wrong(`${first} presses KEY [for 100ms]`);
      return { kind: 'presses', side: first === 'caller' ? 'a' : 'b', key, ms: ms(time ?? '100ms', wrong) };
    }
    case 'store':
      return { kind: 'store', act: storeActs[rest] ?? wrong(`store: ${Object.keys(storeActs).join(' | ')}`) };
  }
  const [arrow = '', message = ''] = span(rest);
  if (!/^[a-z][\w-]*(#\d+)?$/.test(first) || (arrow !== '->' && arrow !== '<-'))
    return wrong(`neither "PARTY -> …" nor "PARTY <- …" nor another step: ${text}`);
  if (arrow === '<-') {
    const [what, how] = span(message);
    if (what === 'connect') return { kind: 'expect-connect', party: first, connecting: parseConnecting(how, wrong) };
    return { kind: 'expect', party: first, message: parseMessageText(message, wrong) };
  }
  const [signal, how] = span(message);
  if (signals.includes(signal)) {
    const isConnect = signal === 'connect';
    return {
      kind: 'signal',
      party: first,
      signal: signal as Signal,
      connecting: parseConnecting(isConnect ? how : '', wrong),
      reason: isConnect ? '' : how,
    };
  }
  return { kind: 'send', party: first, message: parseMessageText(message, wrong) };
}

/** "by tls as a.example b.example untrusted", "by tls to itsp.example". */
function parseConnecting(text: string, wrong: Wrong): Connecting {
  const parts = /^(by tls)?(?:\s*\b(?:as|to) (.+?))??(\s*untrusted)?$/.exec(text);
  if (!parts) return wrong(`connect "${text}": connect [by tls [as NAME…] [untrusted]], <- connect [by tls to NAME…]`);
  const [, tls, names = '', untrusted] = parts;
  return { tls: tls !== undefined, names: names.split(/\s+/).filter(Boolean), untrusted: untrusted !== undefined };
}
