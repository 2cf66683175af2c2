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

/** Undefined: this language leaves it to the server. */
export function say(language: Sayings, said: Said | undefined): string | undefined {
  return said && fill(language, language.sentences[said.code], said);
}

export function fill(language: Sayings, sentence: string | undefined, said: Said): string | undefined {
  return sentence?.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = String(said.parameters[name] ?? '');
    if (name === 'because') return say(language, said.because) ?? value;
    return name === 'reason' ? (language.causes[value]?.[0] ?? value) : value;
  });
}

export function ended(language: Sayings, { by, reason, text, sip, q850, reasonHeader }: End): string {
  const sentence =
    (reason === 'hangup' && by !== 'nobody' && language.hungUp[by]) || language.causes[reason]?.[1] || undefined;
  if (sentence === undefined) return text;
  const raw = [
    ...(sip ? [`SIP ${sip.status} ${sip.phrase}`.trimEnd()] : []),
    ...(q850 ? [`Q.850 ${q850.cause}${q850.text ? ` (${q850.text})` : ''}`] : reasonHeader ? [reasonHeader] : []),
  ];
  return raw.length === 0 ? sentence : `${sentence} ${raw.join('; ')}.`;
}
