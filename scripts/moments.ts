/**
 * The catalogue of the moments of a call: docs/moments.md, out of the ladders. Each is one ladder, named by its file, told by its
 * first line; the sections are those that its comments cite, else its chapter's. `npm run docs` writes it, `-- --check` holds it.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ladderCitations } from './rfc-citations.ts';

const root = new URL('../', import.meta.url);

/** Path of the document from the root of the project. */
export const momentsPath = 'docs/moments.md';

interface Chapter {
  readonly title: string;
  readonly sections: string;
  /** Of the names of its ladders: a ladder is of the first chapter that it fits. */
  readonly of: RegExp;
}

/** Moments of a call, then what goes on around calls. */
const chapters: readonly Chapter[] = [
  {
    title: 'Before the answer: UPDATE in early dialogs',
    sections: 'RFC 3311 5, RFC 6337 3.1',
    of: /^update-early-/,
  },
  { title: 'Before the answer: reliable provisional responses', sections: 'RFC 3262 3, 4 and 5', of: /^prack-/ },
  {
    title: 'Before the answer: forks and several early dialogs',
    sections: 'RFC 3261 12.1, 13.2.2.4, RFC 6228',
    of: /^(fork|forks|too-many-forks|next-trunk-199)(-|$)/,
  },
  {
    title: 'Before the answer: progress, early media and ringback',
    sections: 'RFC 3960, RFC 5009, RFC 3261 21.1',
    of: /^(early-media|ringback|other-progress|only-trying|trying-is|next-trunk-after-early|alert)/,
  },
  {
    title: 'Offers and answers of the set-up',
    sections: 'RFC 3264 5 and 6, RFC 3261 13.2.1, RFC 6337 2',
    of: /^(offer|offerless|answer-without|bad-sdp|plain-call|bypass|crash-of-offerless|crash-after-offerless)/,
  },
  {
    title: 'In the call: re-INVITE',
    sections: 'RFC 3261 14, RFC 6141',
    of: /^(re-invite|waiting-re-invite|inside-the-dialog|contact-moves|merged-request|media-process-lost-in-re)/,
  },
  { title: 'In the call: UPDATE', sections: 'RFC 3311 5', of: /^update-/ },
  { title: 'In the call: glare', sections: 'RFC 3261 14.1 and 14.2, RFC 3311 5.2', of: /^glare-/ },
  { title: 'Hold', sections: 'RFC 3264 8.4, RFC 6337 5.3', of: /^hold-/ },
  {
    title: 'Codecs, payload types and what SDP carries',
    sections: 'RFC 3264 6.1 and 8.3, RFC 4566',
    of: /^(codecs|payload|packet-time|sdp-|unsupported-media)/,
  },
  {
    title: 'Streams beside voice',
    sections: 'RFC 3264 6 and 8.1, 8.2',
    of: /^(video|stream|real-time-text|isfocus)/,
  },
  {
    title: 'Secured media',
    sections: 'RFC 4568 5.1, RFC 3711',
    of: /^srtp-/,
  },
  { title: 'Session timers', sections: 'RFC 4028 7 to 10', of: /^(session|refresh)-/ },
  {
    title: 'Transfer and replacement',
    sections: 'RFC 3515 2.4, RFC 3891 3, RFC 5589',
    of: /^(transfer|replaces|refer|join|notify)(-|$)/,
  },
  {
    title: 'Somebody outside is asked where a call goes',
    sections: 'RFC 6116 3, RFC 3403 4.1',
    of: /^(decision|enum)-/,
  },
  { title: 'Redirection', sections: 'RFC 3261 8.1.3.4 and 21.3', of: /^(redirect|redirection)-/ },
  { title: 'Keys', sections: 'RFC 4733 2.5, RFC 6086', of: /^digits-/ },
  { title: 'Fax', sections: 'ITU-T T.38 D, RFC 7345', of: /^fax-/ },
  {
    title: 'Who calls, and for whom',
    sections: 'RFC 3325 9, RFC 3323 5, RFC 7044, RFC 7544',
    of: /^(identity|privacy|anonymous|forwarded|connected|called|tel-uri|signed|nothing-shows|two-accounts|number-)/,
  },
  {
    title: 'Other requests and their dialogs',
    sections: 'RFC 6665 4, RFC 3428, RFC 3903, RFC 6086',
    of: /^(info|message|messages|subscription|subscriptions|publish|options-passes|unknown-method|methods-not|what-app|record-)/,
  },
  {
    title: 'Media that goes quiet or is lost',
    sections: 'RFC 3550 6.3.5',
    of: /^(media|silent-media|quiet|no-media-ports|call-ends-while-media|probe-at)/,
  },
  {
    title: 'Cancelling',
    sections: 'RFC 3261 9 and 15.1.2',
    of: /^(cancel|bye-of-early|tcp-cancel|callee-hangs-up-before)/,
  },
  { title: 'Hanging up', sections: 'RFC 3261 15', of: /^(bye|callee-hangs|late-messages|reason)/ },
  {
    title: 'Messages that are lost or come again',
    sections: 'RFC 3261 13.3.1.4 and 17, RFC 6026',
    of: /^(lost|invite-sent|callee-sends|abandoned|no-such-dialog)/,
  },
  {
    title: 'Calls that are refused',
    sections: 'RFC 3261 8.2 and 21',
    of: /^(busy|declined|not-answered|not-found|no-route|no-max|too-many-hops|bad-ext|unsupported|contact-is|rule|best-cause|wrong-side)/,
  },
  { title: 'Calls that outlive the process', sections: '', of: /^(crash|drain|stop|clock)/ },
  { title: 'Around calls: trunks, names, transports and strangers', sections: '', of: /./ },
];

export interface Moment {
  /** File of its ladder without the ending. */
  readonly ladder: string;
  readonly title: string;
  /** "RFC 3311 5.2"; '' where nobody says. */
  readonly sections: string;
  readonly chapter: number;
}

export function readMoments(): readonly Moment[] {
  const paths = globSync('test/scenario/ladders/*.ladder', { cwd: root.pathname }).sort();
  return paths.map((path) => {
    const text = readFileSync(new URL(path, root), 'utf8');
    const ladder = basename(path, '.ladder');
    const chapter = chapters.findIndex(({ of }) => of.test(ladder));
    const cited = new Map<number, string[]>();
    for (const { rfc, section } of ladderCitations(text)) {
      const known = cited.get(rfc) ?? [];
      if (section !== '' && !known.includes(section)) known.push(section);
      cited.set(rfc, known);
    }
    const sections = [...cited]
      .map(([rfc, of]) => `RFC ${rfc}${of.length === 0 ? '' : ` ${of.join(', ')}`}`)
      .join('; ');
    const [first = ''] = text.split('\n', 1);
    const title = first.replace(/^# */, '').replaceAll(/ \((?:RFC|ITU)[^)]*\)/g, '');
    return { ladder, title, sections: sections || chapters[chapter]!.sections, chapter };
  });
}

/** Moments of calls; what is around them is in the catalogue as well. */
export function ofCalls(moments: readonly Moment[]): readonly Moment[] {
  return moments.filter(({ chapter }) => chapter < chapters.length - 1);
}

export function catalogue(moments: readonly Moment[]): string {
  const parts = chapters.map(({ title }, at) => {
    const own = moments.filter(({ chapter }) => chapter === at);
    const rows = own.map((one) => `| ${cell(one.title)} | ${one.sections || '–'} | \`${one.ladder}\` |`);
    return [`## ${title} (${own.length})`, '', '| Moment | Section | Ladder |', '|---|---|---|', ...rows, ''].join(
      '\n',
    );
  });
  return `<!-- Written by \`npm run docs\` out of the ladders. Do not edit: what is changed here by hand is lost. -->
# The moments of a call

${ofCalls(moments).length} moments of calls, and ${moments.length - ofCalls(moments).length} around them. Each is a ladder below \`test/scenario/ladders\` that says who sends what, and what we must make
of it; \`npm test\` plays them all. Where peers do several of these at once, in any order, property tests (\`test/scenario\`) and
the simulator (\`npm run sim\`) make the interleavings. Which file does what a section wants: [rfc-matrix.md](rfc-matrix.md).

${parts.join('\n')}`;
}

/** As it stands, in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|]/g, (mark) => `\\${mark}`);
}
