import type { Octets } from '#kernel';
import type { Draft } from './draft.ts';

/** SDP as lines, so that what no rule touches stays to the octet. */

export function isSdp({ body, fields }: Draft): boolean {
  if (body === '') return false;
  const type = fields.find(({ name }) => name === 'content-type')?.value;
  return type !== undefined && type.split(';')[0]!.trim().toLowerCase() === 'application/sdp';
}

/** Of one m= line or, without one, the lines before the first. */
interface Section {
  readonly media: string;
  readonly lines: readonly Octets[];
}

/** v=, o=, s=, t=, c= and m= hold a description together: they are what it is. */
const changeable = 'abeikpu';

export function isChangeable(line: Octets): boolean {
  return line.charAt(1) === '=' && changeable.includes(line.charAt(0));
}

function sections(body: Octets): Section[] {
  const found: { media: string; lines: Octets[] }[] = [{ media: 'session', lines: [] }];
  for (const line of body.split('\n')) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (bare === '') continue;
    if (bare.startsWith('m=')) found.push({ media: bare.slice(2, bare.indexOf(' ')), lines: [bare] });
    else found.at(-1)!.lines.push(bare);
  }
  return found;
}

const isMeant = (section: Section, media: string | undefined) => media === undefined || section.media === media;

/** The lines, of one media type or `session`, or all. */
export function linesOf(draft: Draft, media: string | undefined): readonly Octets[] {
  if (!isSdp(draft)) return [];
  return sections(draft.body)
    .filter((section) => isMeant(section, media))
    .flatMap(({ lines }) => lines);
}

function format(all: readonly Section[]): Octets {
  let out = '';
  for (const { lines } of all) for (const line of lines) out += `${line}\r\n`;
  return out;
}

/** What `change` makes of each line that may be changed; undefined takes it away. True when something is other than before. */
export function rewriteLines(
  draft: Draft,
  media: string | undefined,
  change: (line: Octets) => Octets | undefined,
): boolean {
  if (!isSdp(draft)) return false;
  let any = false;
  const all = sections(draft.body).map((section) => {
    if (!isMeant(section, media)) return section;
    const lines: Octets[] = [];
    for (const line of section.lines) {
      const changed = isChangeable(line) ? change(line) : line;
      if (changed !== line) any = true;
      if (changed !== undefined) lines.push(changed);
    }
    return { ...section, lines };
  });
  if (any) draft.body = format(all);
  return any;
}

/** Adds it where its kind belongs (RFC 8866 5), to each stream of the media type, unless it stands there already. */
export function addLine(draft: Draft, media: string, line: Octets): boolean {
  if (!isSdp(draft)) return false;
  let any = false;
  const all = sections(draft.body).map((section) => {
    if (section.media !== media || section.lines.includes(line)) return section;
    any = true;
    const before = line.startsWith('b=') ? 'tzka' : '';
    const at = section.lines.findIndex((one) => before.includes(one.charAt(0)) && before !== '');
    return { ...section, lines: section.lines.toSpliced(at < 0 ? section.lines.length : at, 0, line) };
  });
  if (any) draft.body = format(all);
  return any;
}
