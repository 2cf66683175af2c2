import type { Octets } from '#kernel';
import { faceAt } from './addressed.ts';
import type { CallLeg } from './call-leg.ts';
import { anchoredSince, type DirectEnd, listensAt } from './direct-media.ts';
import { MediaBridge, readSdp } from './media-bridge.ts';
import { isOutOfStep, sessionOf } from './told-session.ts';
import type { AnsweredCall } from './turn.ts';

/**
 * What takes over media that went past us, where that can't go on with what a leg offers the other: one has moved away, wants something of
 * us, or was told of another session meanwhile. Undefined: it can.
 */
export function anchoring(call: AnsweredCall, from: CallLeg, to: CallLeg, offer: Octets): MediaBridge | undefined {
  const { services } = call;
  if (!services.configuration.media.bypass) return undefined;
  const read = readSdp(offer);
  if ('fault' in read) return undefined;
  const why =
    isOutOfStep(from) || isOutOfStep(to)
      ? 'one side does not know what the other has offered'
      : anchoredSince(services, endOf(from, listensAt(read.sdp)), endOf(to, heardAt(to)), read.sdp);
  if (why === undefined) return undefined;
  call.decide('media', `passes through us from now on: ${why}`);
  const sessionId = () => String(services.random.integer(2 ** 31));
  const media = MediaBridge.fresh(call.id, [sessionId(), sessionId()], services.random);
  for (const leg of [from, to]) {
    media.attach(leg.side, faceAt(services, leg.trunk, leg.flow), leg.flow.transport);
    const session = sessionOf(leg);
    if (session) media.follow(leg.side, session);
  }
  return media;
}

function endOf({ trunk, flow }: CallLeg, media: string | undefined): DirectEnd {
  return { trunk, address: flow.remote.host, transport: flow.transport, ...(media === undefined ? {} : { media }) };
}

function heardAt({ heard }: CallLeg): string | undefined {
  const read = readSdp(heard);
  return 'fault' in read ? undefined : listensAt(read.sdp);
}
