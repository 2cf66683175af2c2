import type { Header } from '#codec/sip-message';
import { formatHostPort, type Octets } from '#kernel';
import type { Dialog } from '#sip/dialog';
import { formatReplaces } from '#sip/transfer';
import type { Line } from './line.ts';

/** What an end asks for in its dialog beside the session: keys, a word, somebody else in its place. */
export type Favour = 'info' | 'options' | 'message' | 'refer' | 'refer quietly' | 'attend';

export interface Asked {
  readonly method: string;
  readonly headers: readonly Header[];
  readonly body: Octets;
}

/** The request; undefined where there is nobody to ask for. */
export function favourOf(what: Favour, line: Line, dialog: Dialog): Asked | undefined {
  switch (what) {
    case 'info':
      return pressed(line);
    case 'options':
      return { method: 'OPTIONS', headers: [], body: '' };
    case 'message':
      return { method: 'MESSAGE', headers: [['Content-Type', 'text/plain']], body: `from ${line.dice.integer(1000)}` };
    case 'refer':
    case 'refer quietly': {
      const quietly: Header[] = [
        ['Refer-Sub', 'false'],
        ['Supported', 'norefersub'],
      ];
      return referTo(line, '', what === 'refer' ? [] : quietly);
    }
    case 'attend': {
      const consulted = line.consulted(dialog);
      return consulted && referTo(line, `?Replaces=${encodeURIComponent(replacesOf(consulted))}`, []);
    }
  }
}

/** The dialog as Tandem knows it (RFC 3891 3). */
export function replacesOf({ callId, remoteTag, localTag }: Dialog): Octets {
  return formatReplaces({ callId, toTag: remoteTag ?? '', fromTag: localTag, earlyOnly: false });
}

function pressed({ dice }: Line): Asked {
  return dice.chance(0.5)
    ? {
        method: 'INFO',
        headers: [['Content-Type', 'application/dtmf-relay']],
        body: `Signal=${dice.integer(10)}\r\nDuration=160\r\n`,
      }
    : { method: 'INFO', headers: [['Content-Type', 'application/dtmf']], body: String(dice.integer(10)) };
}

function referTo(line: Line, more: string, headers: readonly Header[]): Asked {
  const { host, server, dice } = line;
  const uri = `sip:+4940${100_000 + dice.integer(900_000)}@${formatHostPort(server)}${more}`;
  return {
    method: 'REFER',
    headers: [
      ['Contact', line.contact],
      ['Refer-To', `<${uri}>`],
      ['Referred-By', `<sip:${line.name}@${host}>`],
      ...headers,
    ],
    body: '',
  };
}
