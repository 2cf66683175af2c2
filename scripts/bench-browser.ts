/**
 * Prints how fluid the console is in a browser with a large house behind it: ten thousand calls that come and go, 500 sites with 2,000
 * trunks. It is the running program (`npm run build` first), calls by SIPp, Chromium.
 *
 *   node --conditions=source scripts/bench-browser.ts [--records DIRECTORY] [--calls 10000] [--minutes 2] [--only calls,home,trunks,map]
 *
 * DIRECTORY: where scripts/bench-console.ts left its records; without it there are those of the calls alone. Per page: what its main thread
 * takes of a processor, tasks of more than 50 ms of a processor (how many, the longest), frames on the clock, and its heap.
 *
 *   --profile DIRECTORY   a profile of each page, for the browser's tools: it costs time itself
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { browser, desktop } from '../test/console/browser.ts';
import { Sipp } from '../test/perf/sipp.ts';
import { answersSip, freshAddresses } from '../test/perf/subject.ts';
import { startTandem } from '../test/perf/tandem.ts';

const { values: options } = parseArgs({
  options: {
    records: { type: 'string' },
    calls: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '2' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});
const calls = Number(options.calls);
const rate = Math.ceil(calls / 100);
const directory = mkdtempSync(join(tmpdir(), 'tandem-browser-'));
const addresses = freshAddresses();
const web = 18_000 + (process.pid % 1_000);

/** 500 sites, each with a PBX, two carriers and a gateway; nobody is at most of them. */
function house(): string {
  const sites = Array.from({ length: 500 }, (_, n) => `site-${String(n + 1).padStart(3, '0')}`);
  const nowhere = (n: number) => `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}:5099`;
  const trunks = sites.flatMap((site, n) =>
    (
      [
        ['pbx', 'ip-pbx'],
        ['carrier-a', 'itsp'],
        ['carrier-b', 'itsp'],
        ['gateway', 'pstn-gateway'],
      ] as const
    ).map(([name, kind], at) => {
      const own = n === 0 && at < 2;
      const address = !own ? nowhere(n * 4 + at) : Object.values(at === 0 ? addresses.pbx : addresses.itsp).join(':');
      return `  - { name: ${name}-${site}, kind: ${kind}, site: ${site}, addresses: "${address}"${own || n % 10 > 0 ? ', health: off' : ''}, capacity: { calls: 20000 } }`;
    }),
  );
  return `listeners:
  - { name: sip, side: both, bind: "${addresses.sip.host}:${addresses.sip.port}", transports: [udp, tcp] }
sites:
${sites.map((site, n) => `  - { name: ${site}, country: DE${n % 25 === 0 ? '' : `, kind: branch, centre: ${sites[n - (n % 25)]}`} }`).join('\n')}
trunks:
${trunks.join('\n')}
routes:
  - { name: out, from: pbx-site-001, to: carrier-a-site-001 }
  - { name: in, from: carrier-a-site-001, to: pbx-site-001 }
media: { mode: bypass, address: 127.0.0.1, ports: 20000-20999 }
management: { listen: "127.0.0.1:${web}" }
records: { path: "\${TANDEM_DATA}" }
`;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor. */
  readonly tdur?: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Notes each frame in the page. */
const watch = `
  globalThis.frames = [];
  let last = performance.now();
  const frame = (now) => { frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
`;

/** A page in use, and what was seen of it. */
class Looked {
  readonly page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  static async at(context: BrowserContext, path: string, says: string): Promise<Looked> {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const session = await context.newCDPSession(page);
    const looked = new Looked(page, session);
    await page.addInitScript(watch);
    if (options.profile !== undefined) {
      await session.send('Profiler.enable');
      await session.send('Profiler.start');
    }
    await looked.used(`${path}: until it is there`, async () => {
      await page.goto(`http://127.0.0.1:${web}${path}`);
      await page.locator(says).first().waitFor();
    });
    return looked;
  }

  async used(what: string, act: () => Promise<unknown>): Promise<void> {
    await this.page.evaluate('globalThis.frames = []');
    await chromium.startTracing(this.page, { categories: ['toplevel', '__metadata'] });
    const began = performance.now();
    const failed = await act().then(
      () => '',
      (error: Error) => `  ${error.message.split('\n')[0]}`,
    );
    const ms = performance.now() - began;
    const { traceEvents } = JSON.parse((await chromium.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
    const frames = ((await this.page.evaluate('frames')) as number[]).sort((a, b) => b - a);
    const spent = this.#tasks(traceEvents);
    const long = spent.filter((one) => one > 50).sort((a, b) => b - a);
    const share = (100 * spent.reduce((sum, one) => sum + one, 0)) / ms;
    const at = (of: number) => (frames[Math.floor(frames.length * of)] ?? 0).toFixed(0);
    console.log(
      `${what.padEnd(46)} ${(ms / 1000).toFixed(1).padStart(6)} s, ${share.toFixed(0).padStart(3)} % CPU  tasks > 50 ms: ${String(long.length).padStart(3)} ${`(${long
        .slice(0, 4)
        .map((one) => one.toFixed(0))
        .join(', ')})`.padEnd(22)} frames: ${at(0.5)}, 99 % ${at(0.01)}, most ${at(0)} ms${failed}`,
    );
  }

  /** What the processor did for each task of the page's main thread, ms: of others on the machine it knows nothing. */
  #tasks(events: readonly TraceEvent[]): number[] {
    const mains = new Set(
      events
        .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
        .map(({ pid, tid }) => `${pid} ${tid}`),
    );
    const byThread = new Map<string, number[]>();
    for (const { name, pid, tid, tdur = 0 } of events) {
      if (!name.endsWith('RunTask') || !mains.has(`${pid} ${tid}`)) continue;
      byThread.set(`${pid} ${tid}`, [...(byThread.get(`${pid} ${tid}`) ?? []), tdur / 1000]);
    }
    // Ours is the busiest.
    const sum = (of: readonly number[]) => of.reduce((all, one) => all + one, 0);
    return [...byThread.values()].sort((a, b) => sum(b) - sum(a))[0] ?? [];
  }

  async heap(): Promise<string> {
    await this.#session.send('HeapProfiler.collectGarbage');
    await this.#session.send('Performance.enable');
    const { metrics } = (await this.#session.send('Performance.getMetrics')) as {
      metrics: { name: string; value: number }[];
    };
    const of = (name: string) => metrics.find((one) => one.name === name)!.value;
    return `${(of('JSHeapUsedSize') / 1e6).toFixed(1)} MB, ${of('Nodes')} nodes, ${of('JSEventListeners')} listeners`;
  }

  async close(name: string): Promise<void> {
    console.log(`${name}: heap ${await this.heap()}`);
    if (options.profile !== undefined) {
      const { profile } = (await this.#session.send('Profiler.stop')) as { profile: object };
      writeFileSync(join(options.profile, `${name}.cpuprofile`), JSON.stringify(profile));
    }
    await this.page.close();
  }
}

async function wheel(page: Page, times: number, by: number, where = '.calls'): Promise<void> {
  await page.locator(where).first().hover();
  for (let n = 0; n < times; n++) {
    await page.mouse.wheel(0, by);
    await sleep(30);
  }
}

const scenes: Readonly<Record<string, (context: BrowserContext) => Promise<void>>> = {
  async calls(context) {
    const one = await Looked.at(context, '/calls', '.call-body .call-row');
    await sleep(5_000);
    const { page } = one;
    await one.used('calls: looked at for 10 s', () => sleep(10_000));
    await one.used('calls: scrolled', () => wheel(page, 150, 400));
    for (const name of ['Caller', 'Called', 'For'])
      await one.used(`calls: by ${name}, and scrolled`, async () => {
        await page.getByRole('columnheader', { name }).getByRole('button').click();
        await wheel(page, 50, 800);
      });
    await one.used('calls: a text is typed', async () => {
      await page.getByLabel('Number, trunk, user, route or id').pressSequentially('carrier', { delay: 80 });
      await sleep(1_000);
    });
    await page.getByLabel('Number, trunk, user, route or id').fill('');
    const began = performance.now();
    console.log(`calls: heap ${await one.heap()}`);
    for (let minute = 1; minute <= Number(options.minutes); minute++) {
      await sleep(Math.max(0, began + minute * 60_000 - performance.now()));
      console.log(`calls: after ${minute} min: heap ${await one.heap()}`);
    }
    await one.close('calls');
  },
  async home(context) {
    const one = await Looked.at(context, '/', '.trouble');
    await one.used('home: looked at for 20 s', () => sleep(20_000));
    await one.used('home: scrolled', () => wheel(one.page, 60, 300, 'main'));
    await one.close('home');
  },
  async trunks(context) {
    const one = await Looked.at(context, '/trunks', 'text=carrier-a-site-001');
    await one.used('trunks: looked at for 20 s', () => sleep(20_000));
    await one.used('trunks: scrolled', () => wheel(one.page, 100, 800, 'main'));
    await one.used('trunks: a text is typed', () =>
      one.page.getByRole('textbox').first().pressSequentially('gateway-site-25', { delay: 80 }),
    );
    await one.close('trunks');
  },
  async map(context) {
    const one = await Looked.at(context, '/map', 'svg [data-key]');
    await one.used('map: looked at for 20 s', () => sleep(20_000));
    await one.used('map: scrolled', () => wheel(one.page, 60, 500, '.map'));
    await one.close('map');
    const two = await Looked.at(context, '/map?edit', 'svg [data-key]');
    await two.used('map, edited: looked at for 20 s', () => sleep(20_000));
    await two.used('map, edited: a key moves on', async () => {
      await two.page.locator('[data-key="site site-001"]').focus();
      for (let n = 0; n < 10; n++) await two.page.keyboard.press('ArrowDown');
    });
    await two.close('map-edited');
  },
};

const program = startTandem({
  addresses,
  data: options.records ?? join(directory, 'data'),
  media: 'bypass',
  configuration: (() => {
    const file = join(directory, 'house.yaml');
    mkdirSync(directory, { recursive: true });
    writeFileSync(file, house());
    return file;
  })(),
  built: true,
});
const scenario = (name: string) => join(import.meta.dirname, '../test/perf', name);
const chromium = await browser();
try {
  await answersSip(program, addresses, 60);
  const link = async (): Promise<string> => {
    for (let n = 0; n < 600; n++) {
      const found = /\/invitation#(\S+)/.exec(program.log())?.[1];
      if (found !== undefined) return found;
      await sleep(100);
    }
    throw new Error(program.log());
  };
  const token = await link();
  const context = await chromium.newContext({ viewport: desktop, locale: 'en', timezoneId: 'UTC' });
  const origin = `http://127.0.0.1:${web}`;
  const made = await context.request.post(`${origin}/api/v1/invitation`, {
    data: { token, name: 'ada', password: 'correct horse battery 9' },
    headers: { origin },
  });
  if (!made.ok()) throw new Error(await made.text());
  const callee = new Sipp({ name: 'uas', directory, scenario: scenario('uas.xml'), local: addresses.itsp });
  const caller = new Sipp({
    ...{ name: 'uac', directory, scenario: scenario('uac.xml'), local: addresses.pbx, remote: addresses.sip },
    ...{ called: '498912345', rate, holdMs: 100_000 },
    arguments: ['-l', '20000'],
  });
  const standing = async () => {
    const answer = await context.request.get(`${origin}/api/v1/calls?limit=1`);
    return ((await answer.json()) as { standing: number }).standing;
  };
  while ((await standing()) < calls * 0.98) await sleep(1_000);
  console.log(`${await standing()} calls stand, ${rate} come and go a second`);
  const wanted = options.only?.split(',') ?? Object.keys(scenes);
  for (const name of wanted) {
    try {
      await scenes[name]!(context);
    } catch (error) {
      console.log(`${name}: ${(error as Error).message}`);
    }
  }
  console.log(`calls that failed: ${caller.counts().failed} of ${caller.counts().created}`);
  await caller.stop();
  await callee.stop();
} finally {
  await chromium.close();
  await program.stop();
  rmSync(directory, { recursive: true, force: true });
}
