import type { SessionDescription } from '#codec/sdp';
import type { SipRequest } from '#codec/sip-message';
import type { Flow } from '#sip/flow';
import type { Refusal } from './call-setup.ts';
import type { StandingCaller } from './caller-side.ts';
import { byTandem } from './causes.ts';
import { MediaBridge, readSdp } from './media-bridge.ts';
import type { SetupCall } from './setup-call.ts';

/** Takes in what the caller offers, where media is anchored: its offer if it makes one, or why it is refused. */
export function callerMedia(
  call: SetupCall,
  invite: SipRequest,
  flow: Flow,
  joins: StandingCaller | undefined,
): SessionDescription | Refusal | undefined {
  const { services, source } = call;
  if (services.configuration.media.mode !== 'anchor') return undefined;
  const sessionId = () => String(services.random.integer(2 ** 31));
  call.media = MediaBridge.fresh(call.id, [sessionId(), sessionId()], services.random);
  call.media.attach('a', source, flow.transport);
  if (joins) {
    call.media.deaf = 'a';
  }
  if (invite.body === '') return undefined;
  const read = readSdp(invite.body);
  if ('fault' in read) return { status: 400, phrase: `Bad SDP: ${read.fault}`, cause: byTandem('bad-request', 400) };
  const fault = call.media.offer('a', read.sdp);
  if (fault === undefined) return read.sdp;
  call.decide(`trunk ${source.name}`, `its offer is refused: ${fault}`);
  return { status: 488, cause: byTandem('bad-request', 488) };
}
