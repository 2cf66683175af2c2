import type { components } from '#client';
import { harmless, localTime } from '../cdr-text.ts';
import type { Format, Painter } from '../output/fitted-table.ts';
import { cut, widthOf } from '../output/width.ts';

export type Message = components['schemas']['Message'];

/** Columns of the time, and of the time since the message before. */
const timeWidth = 13;
const gapWidth = 9;
/** The fewest columns between two parties. */
const narrowest = 16;
const widest = 48;

/**
 * The messages of a call, a line each: time, time since the one before, and an arrow between the columns of who sent it and who
 * got it. We stand between the side that called and those that were called, in the order in which they first spoke; those that have no
 * room share the last column, and their messages bear their names. `width`: of the terminal.
 */
export function ladderText(messages: readonly Message[], width: number, paint: Painter): string {
  if (messages.length === 0) return 'No message of it is kept any more.\n';
  const all = partiesOf(messages);
  const parties = fitting(all, width);
  // In a narrow terminal the times stand alone: how far they are apart can be read from them.
  const least = timeWidth + 2 + 12 + narrowest * (parties.length - 1);
  const gapRoom = width >= least + gapWidth ? gapWidth : 0;
  const room = Number.isFinite(width) ? width - timeWidth - gapRoom - (gapRoom > 0 ? 2 : 0) : parties.length * 40;
  const span = Math.max(narrowest, Math.min(widest, Math.floor((room - 12) / Math.max(1, parties.length - 1))));
  const column = new Map(parties.map(({ key }, at) => [key, at]));
  const place = (party: string) => (column.get(party) ?? parties.length - 1) * span + 6;
  const end = place(parties.at(-1)!.key) + 7;
  const margin = ' '.repeat(timeWidth + gapRoom);
  const head = (text: (party: Party) => string): string => {
    let line = '';
    for (const party of parties) {
      const label = cut(harmless(text(party)), span - 3);
      const from = Math.max(widthOf(line) + (line === '' ? 0 : 1), place(party.key) - Math.floor(widthOf(label) / 2));
      line += ' '.repeat(Math.max(0, from - widthOf(line))) + label;
    }
    return `${margin}${line}`.trimEnd();
  };
  const lines = [
    paint(
      'bold',
      head(({ name }) => name),
    ),
    paint(
      'dim',
      head(({ address }) => address),
    ),
  ];
  let before: number | undefined;
  const seen = new Set<string>();
  for (const message of messages) {
    const [from, to] = message.sent ? [us, keyOf(message)] : [keyOf(message), us];
    const time = localTime(message.atMs).slice(11) + fraction(message.atMs);
    const gap = before === undefined || gapRoom === 0 ? '' : gapText(message.atMs - before);
    before = message.atMs;
    const text = `${message.sent}${message.text}`;
    const again = seen.has(text) ? ' (again)' : '';
    seen.add(text);
    const key = keyOf(message);
    const whose = column.has(key) ? '' : `${all.find((one) => one.key === key)!.name}: `;
    const label = `${whose}${shortLine(message)}${again}`;
    const row = arrow(
      parties.map(({ key }) => place(key)),
      place(from),
      place(to),
      harmless(label),
      end,
    );
    lines.push(
      `${paint('dim', time)}${paint('dim', gap.padStart(Math.max(0, gapRoom - 1)))} ${colouredRow(row, message, paint)}`.trimEnd(),
    );
  }
  return `${lines.join('\n')}\n`;
}

interface Party {
  readonly key: string;
  readonly name: string;
  readonly address: string;
}

const us = '';

/** Who called first, then us, then the others. */
function partiesOf(messages: readonly Message[]): readonly Party[] {
  const others = new Map<string, Party>();
  for (const message of messages) {
    const key = keyOf(message);
    if (!others.has(key)) others.set(key, { key, name: message.leg || '?', address: message.remote });
  }
  const [first, ...rest] = others.values();
  const ours = [...new Set(messages.map(({ local }) => local))];
  return [first!, { key: us, name: 'tandem', address: ours.length === 1 ? ours[0]! : '' }, ...rest];
}

/** As many as there is room for: a phone that rings beside nine others is one of those in the last column. */
function fitting(parties: readonly Party[], width: number): readonly Party[] {
  const most = Math.max(3, Math.floor((width - timeWidth - 12) / narrowest) + 1);
  if (parties.length <= most) return parties;
  const left = parties.length - (most - 1);
  return [...parties.slice(0, most - 1), { key: 'others', name: `${left} others`, address: '' }];
}

/** One end: on one leg, at one address. */
function keyOf({ leg, callId, remote }: Message): string {
  return `${leg} ${callId} ${remote}`;
}

function fraction(ms: number): string {
  return `.${String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, '0')}`;
}

function gapText(ms: number): string {
  if (ms < 1000) return `+${Math.max(0, Math.round(ms))}ms`;
  return ms < 100_000 ? `+${(ms / 1000).toFixed(2)}s` : `+${Math.round(ms / 1000)}s`;
}

/** `INVITE (SDP)`, `INVITE (SDP sendonly)`, `200 OK BYE`, `REFER to +4930`, `NOTIFY (180 Ringing)`. */
export function shortLine({ firstLine, text }: Message): string {
  const type = /\r\n(?:content-type|c)[ \t]*:[ \t]*([a-z]+\/[a-z0-9.+-]+)/i.exec(text)?.[1]?.toLowerCase();
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  const said = type === 'application/sdp' ? ` (${sdpText(body)})` : '';
  if (!firstLine.startsWith('SIP/2.0 ')) {
    const method = firstLine.slice(0, firstLine.indexOf(' '));
    const told = type === 'message/sipfrag' ? /^SIP\/2\.0 (\d{3}[^\r\n]*)/.exec(body)?.[1] : undefined;
    const to = method === 'REFER' ? /\r\n(?:refer-to|r)[ \t]*:[^\r\n]*?sips?:([^@>;\s]+)/i.exec(text)?.[1] : undefined;
    return `${method}${to === undefined ? '' : ` to ${to}`}${told === undefined ? '' : ` (${told.trim()})`}${said}`;
  }
  const method = /\r\ncseq[ \t]*:[ \t]*\d+[ \t]+(\S+)/i.exec(text)?.[1];
  const status = firstLine.slice('SIP/2.0 '.length);
  return `${status}${method === undefined || method === 'INVITE' ? '' : ` ${method}`}${said}`;
}

/** `SDP`, and what is not the usual of it: other media than one of voice, and who is not to send. */
function sdpText(body: string): string {
  const media = [...body.matchAll(/^m=(\S+) (\d+)/gm)].map(([, kind = '', port]) =>
    port === '0' ? `no ${kind}` : kind,
  );
  const ways = new Set([...body.matchAll(/^a=(sendonly|recvonly|inactive)\r?$/gm)].map(([, way]) => way));
  const kinds =
    media.length <= 1 && media[0] !== 'no audio' && (media[0] ?? 'audio') === 'audio' ? [] : [media.join('+')];
  return ['SDP', ...kinds, ...ways].join(' ');
}

/** A row of lifelines, with an arrow over them from one place to another; its label stands on the arrow, or behind it. */
function arrow(places: readonly number[], from: number, to: number, label: string, end: number): string {
  const row: string[] = Array.from({ length: end }, (_, at) => (places.includes(at) ? '│' : ' '));
  const [left, right] = from < to ? [from, to] : [to, from];
  for (let at = left + 1; at < right; at++) row[at] = '─';
  row[from < to ? right - 1 : left + 1] = from < to ? '▶' : '◀';
  const room = right - left - 5;
  const shown = cut(label, room);
  const begin = left + 1 + Math.floor((right - left - 1 - widthOf(shown) - 2) / 2);
  return `${row.slice(0, begin).join('')} ${shown} ${row.slice(begin + widthOf(shown) + 2).join('')}`.trimEnd();
}

function colouredRow(row: string, message: Message, paint: Painter): string {
  return paint(colourOf(message.firstLine), row);
}

/** As sngrep has it: requests stand out, and what failed more so. */
export function colourOf(firstLine: string): Format {
  if (!firstLine.startsWith('SIP/2.0 ')) return /^(BYE|CANCEL) /.test(firstLine) ? 'magenta' : 'cyan';
  const kind = firstLine['SIP/2.0 '.length];
  return kind === '1' ? 'yellow' : kind === '2' ? 'green' : 'red';
}

/** Each message in full, one after the other, with its way. */
export function messagesText(messages: readonly Message[], paint: Painter): string {
  return messages
    .map((message) => {
      const { at, sent, transport, local, remote, leg, text } = message;
      const [from, to] = sent ? [local, remote] : [remote, local];
      const head = `${localTime(Date.parse(at))}${fraction(message.atMs)} ${transport} ${from} -> ${to} (${leg})`;
      const body = text.split(/\r?\n/).map(harmless).join('\n').trimEnd();
      return `${paint('bold', harmless(head))}\n${paint(colourOf(message.firstLine), body.split('\n')[0]!)}\n${body.split('\n').slice(1).join('\n')}\n\n`;
    })
    .join('');
}
