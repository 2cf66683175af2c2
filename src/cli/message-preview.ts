import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { styleText } from 'node:util';
import { type Configuration, type Preview, type PreviewFacts, preview, type Trunk } from '#engine/ports';
import { bracketed, type Octets } from '#kernel';
import { formatProblems, readConfiguration } from '#shell/config';
import { harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { type Output, type OutputFormat, printText, tell } from './output/output.ts';

export interface PreviewOptions {
  readonly trunk: string;
  readonly direction: 'in' | 'out';
  readonly config: string;
  readonly call?: 'from-trunk' | 'to-trunk';
  readonly dialog?: 'outside' | 'inside';
  readonly caller?: string;
  readonly called?: string;
  readonly output: OutputFormat;
}

/** Longer is no message of SIP. */
const longest = 2 * 1024 * 1024;

/** `tandem message preview`: throws a Failure for what is not there or no message. */
export async function previewMessage(
  file: string,
  options: PreviewOptions,
  stdout: Output,
  stderr: Output,
): Promise<void> {
  const { config, direction, dialog, call, caller, called } = options;
  const loaded = readConfiguration(config, process.env, { withoutSecrets: true });
  if (!loaded.ok) {
    tell(stderr, formatProblems(loaded.problems));
    throw new Failure(`${config} cannot be used.`);
  }
  const trunk = trunkNamed(loaded.configuration, options.trunk, config);
  const rules = trunk.manipulation ?? [];
  const octets = wireForm(await read(file));
  const shown = preview(rules, direction, octets, {
    ...factsOf(loaded.configuration, trunk),
    ...(call && { call }),
    ...(dialog && { within: dialog === 'inside' }),
    ...(caller === undefined ? {} : { caller }),
    ...(called === undefined ? {} : { called }),
  });
  const name = file === '-' ? 'standard input' : file;
  if ('fault' in shown) throw new Failure(`${name} holds no SIP message: ${shown.fault}. ${adviceOn(octets)}`);
  // styleText heeds NO_COLOR and FORCE_COLOR, and whether this is a terminal at all.
  const paint: Paint = (format, line) =>
    stdout === process.stdout ? styleText(format, line, { stream: process.stdout }) : line;
  const told = { trunk: trunk.name, direction, ...shown };
  printText(stdout, options.output, told, previewText(trunk.name, direction, rules.length, shown, paint));
}

function trunkNamed({ trunks }: Configuration, name: string, config: string): Trunk {
  const found = trunks.find((one) => one.name === name);
  if (found) return found;
  const known = trunks.map((one) => one.name).join(', ');
  throw new Failure(`there is no trunk "${name}" in ${config}; there are ${known}.`);
}

async function read(file: string): Promise<Octets> {
  if (file === '-') return (await readAll(process.stdin.setEncoding('latin1'))).slice(0, longest);
  try {
    return readFileSync(file, 'latin1').slice(0, longest);
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

/** What was saved by an editor has other line ends, and a Content-Length that is not right any more. */
function wireForm(octets: Octets): Octets {
  const bare = octets.replace(/^(?:\r?\n)+/, '');
  if (bare.includes('\r\n')) return bare;
  const lines = bare.replaceAll('\n', '\r\n');
  const end = lines.indexOf('\r\n\r\n');
  const head = end < 0 ? lines.replace(/(?:\r\n)*$/, '') : lines.slice(0, end);
  const body = end < 0 ? '' : lines.slice(end + 4);
  return `${head.replace(/\r\n(?:content-length|l)[ \t]*:[^\r]*/gi, '')}\r\n\r\n${body}`;
}

function adviceOn(octets: Octets): string {
  if (octets.trim() === '') return 'It is empty.';
  return 'It begins with a request or status line; Via, From, To, Call-ID and CSeq follow, and an empty line ends the head.';
}

/** Where the trunk is, and who we are there, as far as the file tells. */
function factsOf({ listeners }: Configuration, trunk: Trunk): PreviewFacts {
  const { name, side, transport, domain, addresses, registration, identity } = trunk;
  const isName = (host: string) => !host.includes(':') && !/^[0-9.]+$/.test(host);
  const home = domain ?? registration?.registrars.find(({ host }) => isName(host))?.host;
  const ours = listeners.find((one) => one.transport === transport && (one.side === side || one.side === 'both'));
  return {
    trunk: name,
    ourHost: bracketed(home ?? ours?.advertise.host ?? 'our.invalid'),
    peerHost: bracketed(home ?? addresses[0]?.host ?? 'peer.invalid'),
    account: identity?.user ?? '',
  };
}

type Paint = (format: 'red' | 'green' | 'dim' | 'bold', text: string) => string;

/** For people: the message with what goes and what comes, each with its rule, and what became of every rule. */
function previewText(
  trunk: string,
  direction: 'in' | 'out',
  rules: number,
  { lines, verdicts }: Preview,
  paint: Paint,
): string {
  const way = direction === 'in' ? `from ${trunk}` : `to ${trunk}`;
  const acted = verdicts.filter(({ changed }) => changed).length;
  const count =
    rules === 0 ? 'no rules' : acted === 0 ? `none of ${rules} rules acts` : `${acted} of ${rules} rules act`;
  const out = [paint('bold', `${lines[0]!.text.slice(0, 60)} ${way}: ${count}`), ''];
  const widest = Math.min(72, Math.max(...lines.map(({ text }) => harmless(text).length)));
  const shown = lines.at(-1)?.text === '' ? lines.slice(0, -1) : lines;
  for (const { kind, text, rule } of shown) {
    const safe = harmless(text);
    if (kind === 'same') out.push(`  ${safe}`.trimEnd());
    else {
      const line = `${kind === 'gone' ? '-' : '+'} ${safe}`;
      const note = rule === undefined ? '' : paint('dim', `  # ${rule}`);
      out.push(paint(kind === 'gone' ? 'red' : 'green', line) + ' '.repeat(Math.max(0, widest - safe.length)) + note);
    }
  }
  if (verdicts.length > 0) out.push('', paint('bold', 'Rules'));
  const longestName = Math.max(0, ...verdicts.map(({ rule }) => rule.length));
  for (const { rule, changed, text } of verdicts) {
    const line = `  ${rule.padEnd(longestName)}  ${harmless(text)}`;
    out.push(changed ? line : paint('dim', line));
  }
  return `${out.join('\n')}\n`;
}
