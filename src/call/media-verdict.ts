import type { SrtpKey } from '#codec/media-control';
import type { KeptFormat, MediaDescription, RtpFormat, SessionDescription } from '#codec/sdp';
import type { Said } from '#media/offer-answer';
import type { Crossed } from './media-digits.ts';
import type { Choice, Terms } from './media-security.ts';
import type { BridgeSide } from './media-state.ts';

/** An m= line that we write for a stream, and how; without terms it passes as it is. */
export interface Offered {
  readonly line: number;
  readonly terms?: Terms;
  readonly formats: readonly KeptFormat[];
  /** Who sends, in the words of the side. */
  readonly said: Said;
  /** What it is made of, where that is not what the other side has said. */
  readonly media?: MediaDescription;
}

/** A stream as a side is offered it, or why it can't be. */
export type Offering = readonly Offered[] | { readonly why: string };

/** What became of an offered stream: run as chosen, passed as it is (no RTP of ours), refused by us, or not there. */
export type Verdict =
  | (Choice & { readonly formats: readonly RtpFormat[] })
  | { readonly line: number; readonly how: 'passed' | 'inactive' }
  | { readonly line: number; readonly how: 'refused'; readonly why: string };

export interface Offer {
  readonly from: BridgeSide;
  readonly sdp: SessionDescription;
  readonly verdicts: readonly Verdict[];
  /** What the other side was offered of it. */
  offered: readonly (readonly Offered[])[];
}

/** What an answer makes of a stream: how it is run with the answerer, or why it can't be; nothing when it is refused. */
export type Answered =
  | (Crossed & {
      readonly line: number;
      readonly terms?: Terms;
      readonly receive?: SrtpKey;
      readonly said: Said;
    })
  | { readonly why: string }
  | undefined;

export function isGone(verdict: Verdict): boolean {
  return 'how' in verdict && verdict.how !== 'passed';
}
