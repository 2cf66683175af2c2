import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { ProcessStats } from '#codec/media-control';

/** Ms between two looks at the event loop. */
const resolution = 20;
/** Ms that the figures of its lag are of, at the least. */
const window = 60_000;

/** What this process takes of the machine, and how late its event loop is. It costs a timer. */
export class ProcessWatch {
  readonly #delays = monitorEventLoopDelay({ resolution });
  #since = performance.now();

  constructor() {
    this.#delays.enable();
  }

  /** `now`: monotonic ms. */
  read(now = performance.now()): ProcessStats {
    const { rss, heapUsed, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const { active } = performance.eventLoopUtilization();
    const delays = this.#delays;
    // Until the first look it knows of no delay, and says so by what is no number.
    const late = (nanoseconds: number) =>
      Math.max(0, (Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : 0) - resolution);
    const stats: ProcessStats = {
      pid: process.pid,
      startedAt: performance.timeOrigin,
      cpuMs: (user + system) / 1000,
      loopActiveMs: active,
      loopLagMs: { median: late(delays.percentile(50)), p99: late(delays.percentile(99)), most: late(delays.max) },
      memory: { resident: rss, heap: heapUsed, external },
    };
    // Whoever asks, and how often: each hears of the last minute or two.
    if (now - this.#since >= window) {
      delays.reset();
      this.#since = now;
    }
    return stats;
  }
}
