import { exitCodes, Failure } from '../failure.ts';
import { painterOf } from '../output/output.ts';
import { columnsOf } from '../output/width.ts';
import { answered, openRemote, type Remote, type RemoteOptions } from '../rest/remote.ts';
import { mostCalls, onceLines, pressed, type Seen, screen, type View } from './screen.ts';

export type TopOptions = RemoteOptions & { readonly seconds: number; readonly once?: true };

const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';

/** `tandem top`: until q. */
export async function top(options: TopOptions): Promise<void> {
  const remote = await openRemote(options);
  const { stdin, stdout } = process;
  const paint = painterOf(stdout);
  let view: View = { sort: '-started', from: 0, paused: false };
  let seen = await look(remote, view);
  const size = () => ({ columns: stdout.columns ?? 100, rows: stdout.rows ?? 40 });
  if (options.once || !stdout.isTTY) {
    stdout.write(`${onceLines(seen, view, { ...size(), columns: columnsOf(stdout) }, paint).join('\n')}\n`);
    return;
  }
  if (!stdin.isTTY) throw new Failure('keys cannot be read here: `--once` prints it once.', exitCodes.usage);

  const { promise: left, resolve: quit } = Promise.withResolvers<void>();
  // Each line is written over what stood there: nothing flickers.
  const draw = () =>
    stdout.write(
      `\x1b[H${screen(seen, view, size(), paint)
        .map((line) => `${line}\x1b[K`)
        .join('\r\n')}\x1b[J`,
    );
  let isLooking = false;
  const refresh = async () => {
    if (isLooking || view.paused) return;
    isLooking = true;
    try {
      seen = await look(remote, view);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      seen = { ...seen, lost: error.message.split('\n')[0]! };
    } finally {
      isLooking = false;
    }
    draw();
  };
  const onKey = (chunk: Buffer) => {
    const next = pressed(chunk.toString(), view, seen, Math.max(1, size().rows - 10));
    if (!next) return quit();
    const isOther = next.sort !== view.sort || (view.paused && !next.paused);
    view = next;
    draw();
    if (isOther) void refresh();
  };
  const timer = setInterval(() => void refresh(), options.seconds * 1000);
  stdout.write(enter);
  stdin.setRawMode(true).resume().on('data', onKey);
  stdout.on('resize', draw);
  process.once('SIGTERM', quit);
  try {
    draw();
    await left;
  } finally {
    clearInterval(timer);
    stdin.off('data', onKey).setRawMode(false).pause();
    stdout.off('resize', draw);
    process.off('SIGTERM', quit);
    stdout.write(leave);
  }
}

async function look({ client, name }: Remote, { sort, from }: View): Promise<Seen> {
  const query = { sort, limit: Math.min(mostCalls, from + 200) } as never;
  const [calls, trunks, troubles] = await Promise.all([
    answered(client.GET('/api/v1/calls', { params: { query } })),
    answered(client.GET('/api/v1/trunks')),
    answered(client.GET('/api/v1/problems')),
  ]);
  return {
    at: Date.now(),
    where: name,
    standing: calls.standing,
    calls: calls.items,
    trunks: trunks.items,
    troubles: troubles.items,
  };
}
