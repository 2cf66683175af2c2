import type { CaptureEnd, CaptureNotice, CapturePlan } from '#codec/media-control';
import { captureBeginning, udpBlockLength, udpDataAt, type WireAddress, writeUdpBlock } from '#codec/pcapng';
import type { Deadline, Deadlines } from '#kernel';

/** Where captures are kept. */
export interface CaptureFiles {
  /** Begins a file; `onFailed` is told, later, when it cannot be written. */
  open(name: string, onFailed: (detail: string) => void): CaptureFile;
  /** Unix ms, with fractions. */
  wall(): number;
}

export interface CaptureFile {
  /** Takes the octets, which are its own from then on. False: too many wait for the disk, and these are lost. */
  write(octets: Uint8Array): boolean;
  /** What was taken is written, then it is closed. */
  end(): void;
}

interface Woken {
  wake(now: number): void;
}

/** Octets that are gathered for the disk, and ms that they wait at most. */
const chunkLength = 64 * 1024;
const flushEvery = 1_000;
/** Larger than any block of a datagram. */
const margin = 128;

/**
 * The copy of what comes and goes in one session, as packets in a pcapng file that stays within its limits. It never holds up the
 * relay: what the disk is too slow for is lost, and counted.
 */
export class SessionCapture {
  readonly plan: CapturePlan;
  readonly #session: string;
  readonly #files: CaptureFiles;
  readonly #deadlines: Deadlines<Woken>;
  readonly #tell: (notice: CaptureNotice) => void;
  readonly #file: CaptureFile;
  readonly #until: number;
  #chunk = new Uint8Array(chunkLength);
  #view = new DataView(this.#chunk.buffer);
  #used = 0;
  /** Packets in the chunk. */
  #gathered = 0;
  #packets = 0;
  #dropped = 0;
  #octets = 0;
  #deadline: Deadline<Woken> | undefined;
  #over: CaptureNotice | undefined;

  constructor(
    session: string,
    plan: CapturePlan,
    files: CaptureFiles,
    deadlines: Deadlines<Woken>,
    tell: (notice: CaptureNotice) => void,
    now: number,
  ) {
    this.plan = plan;
    this.#session = session;
    this.#files = files;
    this.#deadlines = deadlines;
    this.#tell = tell;
    this.#until = now + plan.ms;
    this.#file = files.open(plan.name, (detail) => this.end('failed', detail));
    const beginning = captureBeginning({ application: 'Tandem', comment: `media of call ${session}, decrypted` });
    this.#chunk.set(beginning);
    this.#used = this.#octets = beginning.length;
    this.#arm(now);
  }

  /** What it came to; undefined: it goes on. */
  get over(): CaptureNotice | undefined {
    return this.#over;
  }

  /** Copies a datagram; `mask` is given the copy. */
  add(
    from: WireAddress,
    to: WireAddress,
    packet: Uint8Array,
    length: number,
    mask: { hide(copy: Uint8Array): void } | undefined,
  ): void {
    if (this.#over) return;
    const whole = udpBlockLength(from, length);
    if (this.#octets + whole > this.plan.octets) {
      this.end('size');
      return;
    }
    if (this.#used + whole > this.#chunk.length) this.#flush(whole);
    const at = this.#used;
    const dataAt = at + udpDataAt(from);
    const copy = this.#chunk.subarray(dataAt, dataAt + length);
    copy.set(packet.length === length ? packet : packet.subarray(0, length));
    mask?.hide(copy);
    writeUdpBlock(this.#view, at, this.#files.wall(), from, to, length);
    this.#used += whole;
    this.#octets += whole;
    this.#gathered++;
  }

  end(why: CaptureEnd, detail?: string): void {
    if (this.#over) return;
    if (why === 'failed') {
      this.#packets = this.#octets = 0;
      this.#dropped += this.#gathered;
    } else this.#flush(0);
    this.#deadlines.clear(this.#deadline);
    this.#file.end();
    this.#chunk = new Uint8Array();
    this.#over = {
      kind: 'captured',
      session: this.#session,
      name: this.plan.name,
      why,
      ...(detail === undefined ? {} : { detail }),
      packets: this.#packets,
      dropped: this.#dropped,
      octets: this.#octets,
    };
    this.#tell(this.#over);
  }

  wake(now: number): void {
    this.#deadline = undefined;
    if (now >= this.#until) {
      this.end('time');
      return;
    }
    this.#flush(0);
    this.#arm(now);
  }

  /** What was gathered goes to the disk; `room`: octets that come next. */
  #flush(room: number): void {
    if (this.#used > 0) {
      if (this.#file.write(this.#chunk.subarray(0, this.#used))) this.#packets += this.#gathered;
      else {
        this.#dropped += this.#gathered;
        this.#octets -= this.#used;
      }
      this.#chunk = new Uint8Array(Math.max(chunkLength, room + margin));
      this.#view = new DataView(this.#chunk.buffer);
    }
    this.#used = this.#gathered = 0;
  }

  #arm(now: number): void {
    this.#deadline = this.#deadlines.set('capture', this, Math.min(this.#until, now + flushEvery));
  }
}
