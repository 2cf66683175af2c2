import type { Reading } from './book.ts';
import type { Sayings } from './sayings.ts';

/** A sentence of the server, in parts. */
export interface Said {
  readonly code: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly because?: Said | undefined;
}

/** How a call ended, as the server tells it. */
export interface End {
  readonly by: 'caller' | 'callee' | 'tandem' | 'nobody';
  readonly reason: string;
  readonly text: string;
  readonly sip?: { readonly status: number; readonly phrase: string };
  readonly q850?: { readonly cause: number; readonly text?: string };
  readonly reasonHeader?: string;
}

/** Parameters that are sentences themselves. */
const sentences = new Set(['because', 'how', 'detail', 'problem', 'list']);

/** Undefined: this language leaves it to the server. `read`: what it has of what comes without parts. */
export function say(language: Sayings, said: Said | undefined, read?: Reading): string | undefined {
  return said && fill(language, language.sentences[said.code], said, read);
}

export function fill(
  language: Sayings,
  sentence: string | undefined,
  said: Said,
  read: Reading = () => undefined,
): string | undefined {
  return sentence?.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = String(said.parameters[name] ?? '');
    if (name === 'because' && said.because) return say(language, said.because, read) ?? value;
    if (name === 'whose') return usersOf(language, value);
    if (name === 'reason') return language.causes[value]?.[0] ?? language.bans[value] ?? value;
    return (sentences.has(name) && read(value)) || value;
  });
}

/** `listener wan/tls, trunk itsp` in words. */
function usersOf({ users }: Sayings, text: string): string {
  if (!users) return text;
  const said = text.split(', ').map((user) => {
    const [kind = '', name = ''] = user.split(' ');
    const [own = '', transport] = name.split('/');
    const called = transport === undefined ? own : `${own} (${transport.toUpperCase()})`;
    return users[kind as keyof typeof users]?.replace('{{name}}', called) ?? user;
  });
  return said.join(users.and);
}

export function ended(language: Sayings, { by, reason, text, sip, q850, reasonHeader }: End): string {
  const sentence =
    (reason === 'hangup' && by !== 'nobody' && language.hungUp[by]) || language.causes[reason]?.[1] || undefined;
  if (sentence === undefined) return text;
  const raw = [
    ...(sip ? [`SIP ${sip.status} ${sip.phrase}`.trimEnd()] : []),
    ...(q850 ? [`Q.850 ${q850.cause}${q850.text ? ` (${q850.text})` : ''}`] : reasonHeader ? [reasonHeader] : []),
  ];
  return raw.length === 0
    ? sentence
    : language.heard.replace('{{sentence}}', sentence.replace(/。$/, '')).replace('{{heard}}', raw.join(language.and));
}
