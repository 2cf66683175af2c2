import type { AttemptRecord, CallRecord, Decision, LegIdentifiers } from '#engine/ports';
import { describeEnd } from '#engine/ports';
import { theOne, withReader } from './cdr.ts';
import { jsonLines, pour } from './cdr-export.ts';
import { traceText } from './cdr-show.ts';
import { exactTime, harmless } from './cdr-text.ts';
import { Failure } from './failure.ts';
import { type OutputOptions, printObject } from './output/output.ts';
import { directoryOf, type PlaceOptions } from './place.ts';
import { StatusClient } from './status-client.ts';
import { type Paint, paintFor, traceLines } from './trace-text.ts';

export type ExplainOptions = PlaceOptions & OutputOptions;

/** A call that goes on, as the running program tells it (docs/status-socket.md). */
interface LiveCall {
  readonly call: string;
  readonly phase: string;
  readonly caller: string;
  readonly called: string;
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly b?: { readonly trunk: string };
  readonly leg: LegIdentifiers;
  readonly decisions: readonly Decision[];
  readonly attempts: readonly AttemptRecord[];
}

/** `tandem explain CALL`: every rule that was tried for a call, and what came of it; of one that goes on, until now. */
export async function explainCall(call: string, options: ExplainOptions): Promise<void> {
  const live = await liveCalls(call, await directoryOf(options));
  if (live.length > 1) {
    const some = live.map((one) => harmless(one.call)).join(', ');
    throw new Failure(`several calls that go on begin with ${harmless(call)}: ${some}. Give more of the id.`);
  }
  const { output } = options;
  const paint = paintFor(process.stdout);
  const [one] = live;
  if (one) return printObject(process.stdout, output, one, () => liveText(one, paint));
  return withReader(options, async (reader) => {
    const record: CallRecord = theOne(reader, call);
    if (output === 'yaml') {
      printObject(process.stdout, output, record, () => '');
      return;
    }
    return pour(output === 'table' ? [traceText(record, paint)] : jsonLines([record]), process.stdout);
  });
}

/** None when no program runs there, or it can't tell: the records may. */
async function liveCalls(call: string, directory: string): Promise<readonly LiveCall[]> {
  try {
    const program = await StatusClient.open(directory);
    if (!program) return [];
    try {
      return (await program.ask('call', { call })).calls as readonly LiveCall[];
    } finally {
      program.close();
    }
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

/** The same as of a record, and how far it has come. */
export function liveText(live: LiveCall, paint: Paint): string {
  const { call, caller, called, leg, startedAt, decisions, attempts } = live;
  const where = `From ${caller} on trunk ${leg.trunk} to ${called}, ${exactTime(startedAt)}`;
  const failed = attempts.filter(({ endedAt }) => endedAt > 0);
  return `${[
    `Call ${harmless(call)}`,
    `  ${harmless(where)}`,
    '',
    ...traceLines(decisions, paint),
    '',
    ...failed.map(({ leg: { trunk }, end }) => harmless(`Trunk ${trunk}: ${describeEnd(end)}`)),
    harmless(standing(live)),
  ].join('\n')}\n`;
}

function standing({ phase, b, ringingAt, answeredAt }: LiveCall): string {
  const at = b ? ` on trunk ${b.trunk}` : '';
  if (answeredAt !== undefined) return `It was answered${at}, ${exactTime(answeredAt)}, and goes on.`;
  if (ringingAt !== undefined) return `It rings${at} since ${exactTime(ringingAt)}.`;
  return b ? `It is being tried${at}.` : `It has reached nobody yet (${phase}).`;
}
