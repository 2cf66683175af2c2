import type { Octets } from '#kernel';

/** Tools that scan and guess, by what they say they are. From people's lists of what knocks at their doors. */
const agents = [
  'friendly-scanner',
  'friendly-request',
  'sipvicious',
  'sundayddr',
  'sip-scan',
  'sipscan',
  'sipsak',
  'sipcli',
  'sipptk',
  'sippts',
  'pplsip',
  'vaxsipuseragent',
  'vaxipuseragent',
  'siparmyknife',
  'sivus',
  'iwar',
  'smap',
  'gulp',
];

/** What such tools write into From, To and Request-URI unless told otherwise: SIPVicious, and Nmap's probe. */
const addresses = ['sipvicious', '100@1.1.1.1', 'nm@nm', 'nm2@nm2'];

/** Reads what of a message gives a scanner away, without parsing it: start line, From, To and User-Agent. */
export class Signatures {
  readonly #agents: readonly string[];
  readonly #addresses: readonly string[];

  /** `more`: words in lower case that count in all four places. */
  constructor(more: readonly string[]) {
    this.#agents = [...agents, ...more];
    this.#addresses = [...addresses, ...more];
  }

  /** The word that gives it away, if one does. */
  find(octets: Octets): string | undefined {
    // Empty lines before the start line are keep-alives (RFC 3261 7.5).
    let at = 0;
    while (isLineEnd(octets.charCodeAt(at))) at++;
    let words: readonly string[] | undefined = this.#addresses;
    let mark = ' '; // after the method
    while (at < octets.length) {
      let end = octets.indexOf('\n', at);
      if (end < 0) end = octets.length;
      if (words) {
        const from = octets.indexOf(mark, at) + 1;
        const found = from > 0 && from < end ? firstWord(octets.slice(from, end).toLowerCase(), words) : undefined;
        if (found !== undefined) return found;
      }
      at = end + 1;
      // An empty line ends the head.
      if (isLineEnd(octets.charCodeAt(at))) return undefined;
      words = this.#wordsFor(octets, at);
      mark = ':';
    }
    return undefined;
  }

  /** What to look for in the header field that begins there. */
  #wordsFor(octets: Octets, at: number): readonly string[] | undefined {
    // Most lines are told by their first letter.
    switch (octets.charCodeAt(at) | 0x20) {
      case 0x66:
        return isNamed(octets, at, 'from') || isNamed(octets, at, 'f') ? this.#addresses : undefined;
      case 0x74:
        return isNamed(octets, at, 'to') || isNamed(octets, at, 't') ? this.#addresses : undefined;
      case 0x75:
        return isNamed(octets, at, 'user-agent') ? this.#agents : undefined;
      default:
        return undefined;
    }
  }
}

/** A header field of this name begins there. */
function isNamed(octets: Octets, at: number, lower: string): boolean {
  let i = at;
  for (let n = 0; n < lower.length; n++, i++) {
    const code = octets.charCodeAt(i);
    if ((code >= 0x41 && code <= 0x5a ? code | 0x20 : code) !== lower.charCodeAt(n)) return false;
  }
  while (octets.charCodeAt(i) === 0x20 || octets.charCodeAt(i) === 0x09) i++;
  return octets.charCodeAt(i) === 0x3a;
}

/** The first of the words that stands in the text as a word: "iwar" is not in "kiwari". */
function firstWord(text: string, words: readonly string[]): string | undefined {
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      if (!isAlphanumeric(text.charCodeAt(at - 1)) && !isAlphanumeric(text.charCodeAt(at + word.length))) return word;
    }
  }
  return undefined;
}

function isLineEnd(code: number): boolean {
  return code === 0x0d || code === 0x0a;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
}
