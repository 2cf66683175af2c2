import { type Header, parseDeltaSeconds, type SipRequest, type SipResponse } from '#codec/sip-message';
import type { Instant } from '#kernel';
import { parseSessionExpires, type SessionExpires } from './session-expires.ts';

/** How one side of a call keeps its session alive (RFC 4028). Times in ms. */
export interface SessionTimerSettings {
  /** `off`: not offered, and a peer's is not taken up; `answer`: taken up when a peer asks; `offer`: asked for. */
  readonly mode: 'off' | 'answer' | 'offer';
  readonly expires: number;
  readonly minimum: number;
  /** Who is to refresh, where that is ours to say. */
  readonly refresher: 'us' | 'peer' | 'either';
  /** What our refreshes are. */
  readonly method: 'update' | 'invite' | 'either';
}

/** Of a trunk that says nothing. */
export const usualSessionTimer: SessionTimerSettings = {
  mode: 'answer',
  expires: 1_800_000,
  minimum: 90_000,
  refresher: 'either',
  method: 'either',
};

/** What a checkpoint keeps. Seconds, and Unix ms. */
export interface SessionTimerState {
  /** The smallest interval that the peer, or what lies between, has said it takes. */
  readonly minimum?: number;
  readonly running?: {
    readonly expires: number;
    readonly refresher: 'us' | 'peer';
    /** When the session was refreshed last. */
    readonly refreshed: number;
  };
}

/** A response in place of a 2xx. */
export interface SessionTimerRefusal {
  readonly status: number;
  readonly headers: readonly Header[];
}

interface Running {
  readonly expires: number;
  readonly refresher: 'us' | 'peer';
  readonly refreshed: Instant;
  /** Monotonic ms of our next refresh; undefined while one is under way, and when the peer refreshes. */
  refreshAt: number | undefined;
}

/** RFC 4028 5: no Min-SE may be smaller. */
const smallestMinSe = 90;
/** An interval may come out smaller than it should; below this refreshes would be a burden. */
const shortest = 30;
/** No interval that we would wait for. */
const longest = 24 * 3600;
/** 422s to one request that are obeyed. */
const maxRaises = 3;

/**
 * The session timer of one dialog (RFC 4028): negotiated by every INVITE and UPDATE of either side, and by their 2xx.
 * It says what stands in messages and when something is due; who sends and hangs up is not its affair.
 */
export class SessionTimer {
  readonly settings: SessionTimerSettings;
  /** Seconds. */
  #minimum: number;
  #running: Running | undefined;
  #raises = 0;

  constructor(settings: SessionTimerSettings) {
    this.settings = settings;
    this.#minimum = Math.max(smallestMinSe, Math.ceil(settings.minimum / 1000));
  }

  /** The timer of a process that died: what was due meanwhile is due now. */
  static restored(settings: SessionTimerSettings, state: SessionTimerState, now: Instant): SessionTimer {
    const timer = new SessionTimer(settings);
    timer.#minimum = Math.max(timer.#minimum, state.minimum ?? 0);
    if (!state.running || settings.mode === 'off') return timer;
    const { expires, refresher, refreshed } = state.running;
    // The monotonic clock began anew with this process; the wall clock bridges the gap.
    const passed = Math.max(0, now.wall - refreshed);
    timer.#run(expires, refresher, { mono: now.mono - passed, wall: refreshed });
    return timer;
  }

  /** Seconds of the interval that holds, and who refreshes; undefined when the session has no end. */
  get running(): Readonly<Pick<Running, 'expires' | 'refresher'>> | undefined {
    return this.#running;
  }

  // --- requests of ours --------------------------------------------------------------------------------------------

  /** For an INVITE or UPDATE of ours (RFC 4028 7.1, 7.4). */
  headers(): Header[] {
    if (this.settings.mode === 'off') return [];
    const headers: Header[] = [['Supported', 'timer']];
    const asked = this.#asked();
    if (asked) {
      const who = asked.refresher === undefined ? '' : `;refresher=${asked.refresher}`;
      headers.push(['Session-Expires', `${asked.expires}${who}`]);
    }
    if (this.#minimum > smallestMinSe) headers.push(['Min-SE', String(this.#minimum)]);
    return headers;
  }

  /** A 2xx to it (RFC 4028 7.2). */
  accepted(response: SipResponse, now: Instant): void {
    if (this.settings.mode === 'off') return;
    const asked = this.#asked();
    const said = parseSessionExpires(response.get('session-expires'));
    this.#raises = 0;
    if (said) this.#run(said.expires, said.refresher === 'uas' ? 'peer' : 'us', now);
    // A peer without timers is watched all the same where that was asked for: by refreshes of ours.
    else if (asked && this.settings.mode === 'offer') this.#run(asked.expires, 'us', now);
    else this.#running = undefined;
  }

  /** A 422 to it (RFC 4028 7.3). False when the request can't be sent again with more. */
  refused(response: SipResponse): boolean {
    const minimum = parseDeltaSeconds(response.get('min-se'));
    if (this.settings.mode === 'off' || minimum === undefined) return false;
    if (minimum <= Math.max(this.#minimum, this.#asked()?.expires ?? 0) || minimum > longest) return false;
    if (++this.#raises > maxRaises) return false;
    this.#minimum = minimum;
    return true;
  }

  // --- requests of the peer ----------------------------------------------------------------------------------------

  /** What an INVITE or UPDATE must be refused with before anything else is made of it (RFC 4028 9). */
  refusal(request: SipRequest): SessionTimerRefusal | undefined {
    if (this.settings.mode === 'off')
      return requires(request) ? { status: 420, headers: [['Unsupported', 'timer']] } : undefined;
    const said = parseSessionExpires(request.get('session-expires'));
    // Who does not know the timer could make nothing of a 422.
    if (!said || said.expires >= this.#floor || !supports(request)) return undefined;
    return { status: 422, headers: [['Min-SE', String(this.#floor)]] };
  }

  /** For our 2xx to it, which refreshes the session (RFC 4028 9, table 2). */
  answer(request: SipRequest, now: Instant): Header[] {
    if (this.settings.mode === 'off') return [];
    const headers: Header[] = [['Supported', 'timer']];
    const said = parseSessionExpires(request.get('session-expires'));
    const minimum = parseDeltaSeconds(request.get('min-se')) ?? 0;
    if (minimum <= longest) this.#minimum = Math.max(this.#minimum, minimum);
    if (!said && this.settings.mode !== 'offer') {
      this.#running = undefined;
      return headers;
    }
    const ours = Math.max(Math.ceil(this.settings.expires / 1000), this.#minimum);
    // It may be made smaller, never greater.
    const expires = said ? Math.min(said.expires, ours) : ours;
    const refresher = said?.refresher ?? this.#choice(supports(request));
    this.#run(expires, refresher === 'uas' ? 'us' : 'peer', now);
    headers.push(['Session-Expires', `${expires};refresher=${refresher}`]);
    if (refresher === 'uac') headers.push(['Require', 'timer']);
    return headers;
  }

  // --- time --------------------------------------------------------------------------------------------------------

  /** What is due next, in monotonic ms. */
  next(): { readonly name: 'session refresh' | 'session expiry'; readonly at: number } | undefined {
    const running = this.#running;
    if (!running) return undefined;
    const expiry = endOf(running);
    const { refreshAt } = running;
    if (refreshAt === undefined || refreshAt >= expiry) return { name: 'session expiry', at: expiry };
    return { name: 'session refresh', at: refreshAt };
  }

  /** Our refresh is under way. */
  refreshing(): void {
    if (this.#running) this.#running.refreshAt = undefined;
  }

  /** It was refused, or could not be sent now: again in a while, as long as there is time. */
  postponed(now: Instant): void {
    const running = this.#running;
    if (running?.refresher !== 'us') return;
    const left = endOf(running) - now.mono;
    running.refreshAt = now.mono + Math.max(2_000, Math.min(10_000, left / 2));
  }

  state(): SessionTimerState | undefined {
    const running = this.#running;
    const raised = this.#minimum > this.#floor;
    if (!running && !raised) return undefined;
    return {
      ...(raised ? { minimum: this.#minimum } : {}),
      ...(running
        ? {
            running: {
              expires: running.expires,
              refresher: running.refresher,
              refreshed: running.refreshed.wall,
            },
          }
        : {}),
    };
  }

  /** The smallest interval that we take of a peer. */
  get #floor(): number {
    return Math.max(smallestMinSe, Math.ceil(this.settings.minimum / 1000));
  }

  /** What a request of ours asks for. RFC 4028 7.4: while it runs, what holds, so that nothing changes. */
  #asked(): SessionExpires | undefined {
    const { mode, expires, refresher } = this.settings;
    if (this.#running)
      return {
        expires: Math.max(this.#running.expires, this.#minimum),
        refresher: this.#running.refresher === 'us' ? 'uac' : 'uas',
      };
    if (mode !== 'offer') return undefined;
    const who = refresher === 'us' ? 'uac' : refresher === 'peer' ? 'uas' : undefined;
    return { expires: Math.max(Math.ceil(expires / 1000), this.#minimum), refresher: who };
  }

  /** Who refreshes when the peer leaves it to us: as it was, else who is wished for, else the peer when it can. */
  #choice(canRefresh: boolean): 'uac' | 'uas' {
    if (!canRefresh) return 'uas';
    const now = this.#running?.refresher ?? this.settings.refresher;
    return now === 'us' ? 'uas' : 'uac';
  }

  #run(said: number, refresher: 'us' | 'peer', refreshed: Instant): void {
    const expires = Math.min(longest, Math.max(shortest, said));
    // RFC 4028 10: halfway, so that there is time for another try.
    const refreshAt = refresher === 'us' ? refreshed.mono + (expires * 1000) / 2 : undefined;
    this.#running = { expires, refresher, refreshed, refreshAt };
  }
}

/** RFC 4028 10: the session is ended slightly before its time, by a third of it or 32 s. */
function endOf({ expires, refreshed }: Running): number {
  return refreshed.mono + expires * 1000 - Math.min(32_000, (expires * 1000) / 3);
}

function supports(request: SipRequest): boolean {
  return names(request, 'supported') || requires(request);
}

function requires(request: SipRequest): boolean {
  return names(request, 'require');
}

function names(request: SipRequest, field: 'supported' | 'require'): boolean {
  return request.all(field).some((option) => option.toLowerCase() === 'timer');
}
