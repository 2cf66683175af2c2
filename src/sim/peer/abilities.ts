import type { Header } from '#codec/sip-message';

/** What a peer can do beyond RFC 3261. */
export interface Abilities {
  /** Reliable provisional responses (RFC 3262). */
  readonly reliable: boolean;
  /** UPDATE (RFC 3311). */
  readonly updates: boolean;
  /** Session timers (RFC 4028). */
  readonly timer: TimerWish | undefined;
  /** It tells early dialogs that have ended from others (RFC 6228). */
  readonly earlyEnds: boolean;
  /** Transfers (RFC 3515, RFC 3891). */
  readonly refers: boolean;
  /** T.38. */
  readonly faxes: boolean;
}

/** Of session timers. Seconds. */
export interface TimerWish {
  /** What it asks for; undefined: it leaves that to the other side. */
  readonly expires: number | undefined;
  /** The shortest that it takes; 90 at least. */
  readonly minimum: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** What its INVITEs, UPDATEs and their responses say of it. */
export function saying({ reliable, updates, timer, earlyEnds, refers }: Abilities): Header[] {
  const methods = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'];
  if (reliable) methods.push('PRACK');
  if (updates) methods.push('UPDATE');
  if (refers) methods.push('REFER', 'NOTIFY');
  const options = [
    ...(refers ? ['replaces'] : []),
    ...(reliable ? ['100rel'] : []),
    ...(timer ? ['timer'] : []),
    ...(earlyEnds ? ['199'] : []),
  ];
  const allow: Header = ['Allow', methods.join(', ')];
  return options.length === 0 ? [allow] : [allow, ['Supported', options.join(', ')]];
}
