import { type Octets, toOctets } from '#kernel';
import type { Circumstances, Draft } from './draft.ts';
import { type Part, readPart, valuesOf } from './part.ts';
import type { Match } from './pattern.ts';

/** What a match took, and of what. */
export interface Captured {
  readonly value: Octets;
  readonly match: Match;
}

const variables = {
  'our-host': ({ ourHost }: Circumstances) => ourHost,
  'peer-host': ({ peerHost }: Circumstances) => peerHost,
  caller: ({ caller }: Circumstances) => caller,
  called: ({ called }: Circumstances) => called,
  account: ({ account }: Circumstances) => account,
  trunk: ({ trunk }: Circumstances) => toOctets(trunk),
};

type Piece =
  | { readonly kind: 'text'; readonly text: Octets }
  | { readonly kind: 'group'; readonly number: number }
  | { readonly kind: 'variable'; readonly value: (circumstances: Circumstances) => Octets }
  | { readonly kind: 'part'; readonly part: Part };

/** Longer than this no value may become: a rule that copies what a peer sent must not blow a message up. */
const longest = 4_096;

/** A value with `$1` and `{variables}` in it. */
export class Template {
  /** The highest group that it asks for. */
  readonly groups: number;
  readonly #pieces: readonly Piece[];

  private constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.groups = Math.max(0, ...pieces.map((piece) => (piece.kind === 'group' ? piece.number : 0)));
  }

  static compile(text: string): Template | { readonly wrong: string } {
    if (text === '') return { wrong: 'it is empty' };
    if (text.length > 1024) return { wrong: 'it is longer than 1024 characters' };
    if (/\p{Cc}/u.test(text)) return { wrong: 'it has more than one line, or control characters' };
    const pieces: Piece[] = [];
    const piece = /\$([0-9$])|\{\{|\}\}|\{([^{}]*)\}|[${}]|[^${}]+/gy;
    for (const found of text.matchAll(piece)) {
      const [all, dollar, variable] = found;
      if (dollar === '$') pieces.push({ kind: 'text', text: '$' });
      else if (dollar !== undefined) pieces.push({ kind: 'group', number: Number(dollar) });
      else if (all === '{{' || all === '}}') pieces.push({ kind: 'text', text: all[0]! });
      else if (variable !== undefined) {
        const one = variableOf(variable);
        if ('wrong' in one) return one;
        pieces.push(one);
      } else if (all.length === 1 && ['$', '{', '}'].includes(all)) {
        return { wrong: `a ${all} stands by itself; write ${all}${all} for the character` };
      } else pieces.push({ kind: 'text', text: toOctets(all) });
    }
    return new Template(pieces);
  }

  /** Undefined where it would be longer than any value may be. */
  fill(draft: Draft, circumstances: Circumstances, captured: readonly Captured[]): Octets | undefined {
    let out = '';
    for (const piece of this.#pieces) {
      switch (piece.kind) {
        case 'text':
          out += piece.text;
          break;
        case 'group':
          out += groupOf(captured, piece.number);
          break;
        case 'variable':
          out += piece.value(circumstances);
          break;
        case 'part':
          out += valuesOf(piece.part, draft)[0] ?? '';
      }
      if (out.length > longest) return undefined;
    }
    return out;
  }
}

function variableOf(name: string): Piece | { readonly wrong: string } {
  if (Object.hasOwn(variables, name)) return { kind: 'variable', value: variables[name as keyof typeof variables] };
  const part = /^[A-Z]|^request-uri/.test(name) ? readPart(name) : undefined;
  if (part && !('wrong' in part) && !part.all) return { kind: 'part', part };
  const known = Object.keys(variables).map((one) => `{${one}}`);
  return {
    wrong: `there is no {${name.slice(0, 40)}}: there are ${known.join(', ')}, {request-uri.user} and parts of header fields such as {From.user}`,
  };
}

/** `$0` is the whole of the first match; groups count through all matches. */
function groupOf(captured: readonly Captured[], number: number): Octets {
  const first = captured[0];
  if (number === 0) return first ? first.value.slice(first.match[0], first.match[1]) : '';
  let left = number;
  for (const { value, match } of captured) {
    const own = match.length / 2 - 1;
    if (left <= own) return match[2 * left]! < 0 ? '' : value.slice(match[2 * left], match[2 * left + 1]);
    left -= own;
  }
  return '';
}
