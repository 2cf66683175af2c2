import type { Call } from '#call';
import type { MediaCapture } from '#cdr';
import type { CaptureNotice } from '#codec/media-control';
import type { Instant, Open } from '#kernel';
import type { Input } from './ports/index.ts';

/** Captures of one call. */
const mostCaptures = 20;

/** Begins a copy of the media of a call, or ends it. Where one goes on, or nothing passes here, none begins. */
export function captureAsked(
  call: Call,
  input: Extract<Input, { readonly kind: 'capture' | 'end-capture' }>,
  now: Instant,
): void {
  const { media, captures } = call;
  const running = captures.some(isRunning);
  if (input.kind === 'end-capture') {
    if (!running || !media) return;
    call.decide('capture', `ended by ${input.by}`);
    media.capture = undefined;
  } else {
    if (running || !media || call.phase === 'ended' || captures.length >= mostCaptures) return;
    const { by, reason, ms, octets, keys } = input;
    const name = `${call.id}-${captures.length + 1}`;
    const capture: Open<MediaCapture> = { name, by, reason, startedAt: now.wall };
    if (keys) capture.keys = true;
    captures.push(capture);
    call.decide('capture', `media is copied for ${by}: ${reason}`);
    media.capture = keys ? { name, ms, octets, keys } : { name, ms, octets };
  }
  call.checkpoint();
  // Before its first plan there is nothing that could be copied.
  if (call.mediaOrder >= 0) call.orderMedia(undefined);
}

/** The media process has ended one. */
export function captureOver(
  call: Call,
  { name, why, detail, packets, dropped, octets }: CaptureNotice,
  now: Instant,
): void {
  const at = call.captures.findIndex((one) => one.name === name);
  const capture = call.captures[at];
  if (!capture || !isRunning(capture)) return;
  const over = { ...capture, endedAt: now.wall, why, packets, dropped, octets };
  call.captures[at] = detail === undefined ? over : { ...over, detail };
  if (call.media?.capture?.name === name) call.media.capture = undefined;
  call.checkpoint();
}

/** The media process that wrote it is gone. */
export function captureLost(call: Call, now: Instant): void {
  const at = call.captures.findIndex(isRunning);
  if (at < 0) return;
  call.captures[at] = { ...call.captures[at]!, endedAt: now.wall, why: 'lost' };
  if (call.media) call.media.capture = undefined;
}

function isRunning({ why }: MediaCapture): boolean {
  return why === undefined;
}
