import type { components } from '#client';
import type { AttemptRecord, Decision } from '#engine/ports';
import { describeEnd } from '#engine/ports';
import { wholeId } from './call/acts.ts';
import { recordOf } from './call/record-of.ts';
import { theOne, withReader } from './cdr-acts.ts';
import { traceText } from './cdr-show.ts';
import { exactTime, harmless } from './cdr-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { type OutputOptions, printObject } from './output/output.ts';
import { answered, openRemote, type RemoteOptions } from './rest/remote.ts';
import { type Paint, paintFor, traceLines } from './trace-text.ts';

export type ExplainOptions = RemoteOptions & OutputOptions;

/** A call that goes on. Times are Unix ms. */
interface LiveCall {
  readonly call: string;
  readonly phase: string;
  readonly caller: string;
  readonly called: string;
  readonly startedAt: number;
  readonly ringingAt?: number;
  readonly answeredAt?: number;
  readonly b?: { readonly trunk: string };
  readonly leg: { readonly trunk: string };
  readonly decisions: readonly Decision[];
  readonly attempts: readonly AttemptRecord[];
}

type Whole = components['schemas']['WholeCall'];

/**
 * `tandem explain CALL`: every rule that was tried for a call, and what came of it; of one that goes on, until now. Where no program runs the records
 * are asked themselves.
 */
export async function explainCall(call: string, options: ExplainOptions): Promise<void> {
  const { output } = options;
  const paint = paintFor(process.stdout);
  const whole = await told(call, options);
  if (whole)
    return printObject(process.stdout, output, whole, () => {
      const { live, record } = whole;
      return live ? liveText(liveOf(live), paint) : record ? traceText(recordOf(record), paint) : '';
    });
  return withReader(options, async (reader) => {
    const record = theOne(reader, call);
    printObject(process.stdout, output, { record }, () => traceText(record, paint));
  });
}

/** Undefined where no program runs here: its records may be. */
async function told(call: string, options: ExplainOptions): Promise<Whole | undefined> {
  const remote = await openRemote(options);
  try {
    const id = await wholeId(remote, call);
    return await answered(remote.client.GET('/api/v1/calls/{call}', { params: { path: { call: id } } }));
  } catch (error) {
    if (!remote.isHere || !(error instanceof Failure) || error.exitCode !== exitCodes.unreachable) throw error;
    return undefined;
  }
}

function liveOf({ call, decisions, attempts }: NonNullable<Whole['live']>): LiveCall {
  const { from, to, startedAt, ringingAt, answeredAt, ...same } = call;
  return {
    ...same,
    startedAt: Date.parse(startedAt),
    ...(ringingAt !== undefined && { ringingAt: Date.parse(ringingAt) }),
    ...(answeredAt !== undefined && { answeredAt: Date.parse(answeredAt) }),
    ...(to && { b: to }),
    leg: from,
    decisions: decisions as readonly Decision[],
    attempts: attempts as unknown as readonly AttemptRecord[],
  };
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
