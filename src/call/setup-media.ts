import type { SessionDescription } from '#codec/sdp';
import { parseUri, type SipRequest } from '#codec/sip-message';
import { detach } from '#kernel';
import type { Flow } from '#sip/flow';
import { faceAt, faceOf } from './addressed.ts';
import type { Refusal } from './call-setup.ts';
import type { CallerSide } from './caller-side.ts';
import { byTandem } from './causes.ts';
import { anchoredSince, type DirectEnd, listensAt } from './direct-media.ts';
import type { EarlyMedia } from './early-media.ts';
import type { Destination } from './hunt.ts';
import { MediaBridge, readSdp } from './media-bridge.ts';
import type { TrunkTarget } from './services.ts';
import type { SetupCall } from './setup-call.ts';

interface SettingUp {
  readonly call: SetupCall;
  readonly invite: SipRequest;
  readonly flow: Flow;
  readonly callerSide: CallerSide;
  readonly early: { readonly earlyMedia: EarlyMedia };
}

/** Where the media of an attempt goes. */
export type MediaWay = 'direct' | 'anchored';

/** What is asked of media before anybody is called. */
export interface AskedMedia {
  /** What the caller offers, however its media goes; undefined where it offers nothing, or nobody here asks. */
  readonly offered: SessionDescription | undefined;
  /** How the media of an attempt at this target goes, or why there can be none. */
  way(destination: Destination, target: TrunkTarget): MediaWay | Refusal;
}

/** What the caller offers: taken in by us, or left as it is for attempts whose media goes past us. */
export class SetupMedia implements AskedMedia {
  readonly #setup: SettingUp;
  offered: SessionDescription | undefined;
  /** The offer that is ours to translate: the caller's, or one of the callee's later on. */
  offer: SessionDescription | undefined;
  /** That of the attempt to come. */
  #way: MediaWay = 'anchored';
  #portless = false;
  /** Why the offer can't be taken in. */
  #unfit: string | undefined;

  constructor(setup: SettingUp) {
    this.#setup = setup;
  }

  /** Takes in what the caller offers, where media is anchored; the refusal where nothing can come of it. */
  begin(): Refusal | undefined {
    const { call, invite } = this.#setup;
    const { configuration, room } = call.services;
    const isAnchored = configuration.media.mode === 'anchor';
    if (invite.body !== '' && (isAnchored || room.isLimited)) {
      const read = readSdp(invite.body);
      if ('sdp' in read) this.offered = read.sdp;
      else if (isAnchored)
        return { status: 400, phrase: `Bad SDP: ${read.fault}`, cause: byTandem('bad-request', 400) };
    }
    if (isAnchored) this.#anchor();
    else this.#tellEarly();
    return configuration.media.bypass ? undefined : this.#refusal();
  }

  way({ trunk }: Destination, target: TrunkTarget): MediaWay | Refusal {
    const { call, callerSide } = this.#setup;
    const { media } = call.services.configuration;
    this.#way = media.mode === 'anchor' && !this.#portless ? 'anchored' : 'direct';
    // Who is transferred hears somebody else yet: we lead it from one to the other.
    if (this.#way === 'anchored' && media.bypass && !callerSide.joins) {
      let why = trunk.user?.forward?.together === undefined ? undefined : 'another number rings with it';
      for (const one of [target, ...(target.together ?? [])]) why ??= this.#anchoredTo(trunk, one);
      call.decide('media', why === undefined ? `goes directly to ${trunk.name}` : `passes through us: ${why}`);
      if (why === undefined) this.#way = 'direct';
    }
    return (this.#way === 'anchored' ? this.#refusal() : undefined) ?? this.#way;
  }

  /** The attempt begins: that is how its media goes. */
  take(): void {
    const { call } = this.#setup;
    if (call.media?.isLost) call.media.leavePorts();
    if ((this.#way === 'anchored') === (call.media !== undefined)) return;
    if (this.#way === 'anchored') return this.#anchor();
    // Ports that an attempt before this one was given go back.
    call.anchor(undefined);
    this.#leave();
  }

  /** There are no ports: it goes past us, in this attempt and all that come after. */
  pass(): void {
    this.#portless = true;
    this.#leave();
  }

  /** The offer is not ours. */
  #leave(): void {
    this.offer = undefined;
    this.#tellEarly();
  }

  #anchoredTo(trunk: Destination['trunk'], target: TrunkTarget): string | undefined {
    const { call, flow } = this.#setup;
    const { services, source } = call;
    const { remote, transport, device } = target;
    const from: DirectEnd = {
      trunk: source.user ? { ...source, side: sideOf(services, source, flow) } : source,
      address: flow.remote.host,
      transport: flow.transport,
      media: listensAt(this.offered),
    };
    if (device && device.path.length > 0) return `user ${trunk.name} is behind another proxy`;
    const contact = device && parseUri(device.contact)?.host;
    const to: DirectEnd = {
      trunk: faceOf(services, trunk, target),
      address: remote.host,
      transport,
      ...(contact === undefined ? {} : { media: contact }),
    };
    if (this.#setup.invite.get('privacy')?.toLowerCase().includes('session'))
      return 'the caller wants its media hidden';
    return anchoredSince(services, from, to, this.offered);
  }

  #anchor(): void {
    const { call, flow, callerSide } = this.#setup;
    const { services, source } = call;
    const sessionId = () => String(services.random.integer(2 ** 31));
    const media = MediaBridge.fresh(call.id, [sessionId(), sessionId()], services.random);
    call.anchor(media);
    media.attach('a', faceAt(services, source, flow), flow.transport);
    if (callerSide.joins) media.deaf = 'a';
    this.offer = undefined;
    this.#unfit = this.offered && media.offer('a', this.offered);
    if (this.#unfit === undefined) this.offer = this.offered;
    this.#tellEarly();
  }

  #refusal(): Refusal | undefined {
    const { call } = this.#setup;
    if (this.#unfit === undefined) return undefined;
    call.decide(`trunk ${call.source.name}`, `its offer is refused: ${this.#unfit}`);
    return { status: 488, cause: byTandem('bad-request', 488) };
  }

  #tellEarly(): void {
    const { early, invite } = this.#setup;
    early.earlyMedia.offered(detach(invite.body), this.offer);
  }
}

/** A device may have come by a listener that is not of its user's side. */
function sideOf(
  { configuration }: SetupCall['services'],
  { side }: SetupCall['source'],
  { listener }: Flow,
): SetupCall['source']['side'] {
  const known = configuration.listeners.find(({ id }) => id === listener);
  return known?.side === 'external' ? 'external' : side;
}
