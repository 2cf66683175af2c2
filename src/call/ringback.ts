import type { Trunk } from '#policy/configuration';

/** A provisional response of the callee, as far as it says what the caller is to hear. */
export interface Heard {
  readonly status: number;
  readonly sdp: boolean;
  /** Its P-Early-Media says that no media of it is to be heard (RFC 5009 8); a caller that heeds the field is told so. */
  readonly muted: boolean;
  /** Media of the callee's is heard already: a 180 does not end that. */
  readonly before: boolean;
}

/** What the caller is shown of it. */
export interface ShownProgress {
  readonly status: number;
  /** Its SDP goes on, so its media is heard. */
  readonly media: boolean;
  /** The caller hears a tone of ours. */
  readonly tone: boolean;
}

/**
 * Who lets the caller hear that it rings (RFC 3960 3.2), by the rule of the caller's trunk: the far side when media comes,
 * the caller's phone whatever comes, or we when nobody sends media.
 */
export function shownProgress(rule: Trunk['ringback'], { status, sdp, muted, before }: Heard): ShownProgress {
  if (rule === 'phone') return { status: status === 183 ? 180 : status, media: false, tone: false };
  const media = sdp && !muted;
  // With SDP there may come media, or not: until it does, nobody else lets him hear anything.
  if (rule === 'tone' && status === 180 && !before) return { status: media ? 180 : 183, media, tone: true };
  return { status, media, tone: false };
}
