import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Services } from '#api';

/** Ms that a whole test may take: names, connections, a call that rings. */
const longest = 300_000;
/** Octets of what it says that it failed for. */
const longestComplaint = 2_000;

type Step = { readonly name: string; readonly verdict?: string };

/**
 * Tests a trunk in a process of its own, as `tandem trunk test` does: it speaks SIP and RTP to the program from outside, so that what it
 * finds is what a telephone would.
 */
export function trunkTester(file: string): Services['testTrunk'] {
  return (trunk, options, stop, onStep) => {
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    const main = fileURLToPath(new URL(`../cli/main${extension}`, import.meta.url));
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        ...(extension === '.ts' ? ['--conditions=source'] : []),
        main,
        ...['trunk', 'test', '--output', 'ndjson', ...flags, '--', trunk, file],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly ok: boolean; readonly verdict: string }>();
    const timer = setTimeout(() => child.kill('SIGKILL'), longest);
    // It hangs up first.
    const leave = () => child.kill('SIGINT');
    if (stop.aborted) leave();
    stop.addEventListener('abort', leave);
    let complaint = '';
    let outcome: { readonly ok: boolean; readonly verdict: string } | undefined;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-longestComplaint);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as Step & { readonly ok?: boolean };
      if (said.ok === undefined) onStep(said);
      else outcome = { ok: said.ok, verdict: said.verdict ?? '' };
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', leave);
      if (outcome) resolve(outcome);
      else reject(new Error(stop.aborted ? 'It was stopped.' : `The test ended before its end: ${complaint.trim()}`));
    });
    return promise;
  };
}
