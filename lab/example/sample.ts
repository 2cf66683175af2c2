import { judge, Router, type SampleCall } from '#engine/ports';
import type { Reached } from './conversation.ts';
import type { Stage } from './stage.ts';

interface Outcome {
  readonly reached?: Reached | undefined;
  /** The status of a refusal. */
  readonly refused?: number | undefined;
  readonly heard: boolean;
}

/** What came of a sample call that was made. */
export interface SampleOutcome extends Outcome {
  readonly sample: SampleCall;
  /** What is not as it should be, in a sentence each. */
  readonly faults: readonly string[];
}

const talkMs = 700;

/** Makes a sample call for real; undefined when its caller is nobody that a phone stands for. */
export async function make(stage: Stage, sample: SampleCall): Promise<SampleOutcome | undefined> {
  const { from, to, caller } = sample;
  if (!stage.has(from)) return undefined;
  const expected = judge(new Router(stage.configuration), sample);
  const { trunks, user } = expected.plan;
  const call = await stage.dial(from, to, { talkMs, ...(caller !== undefined && { caller }) });
  await call.over(10_000);
  const { reached, refused, heard } = call;
  const faults = [...expected.differences, ...call.caller.report().troubles];
  if (!call.isOver) faults.push('it has not ended');
  const wanted = user ? (user.password ? { name: user.name, called: undefined } : undefined) : first(trunks, to);
  if (wanted && reached?.name !== wanted.name)
    faults.push(`${reached?.name ?? 'nobody'} was called, not ${wanted.name}`);
  if (wanted?.called !== undefined && reached && reached.called !== wanted.called)
    faults.push(`it was called as ${reached.called}, not ${wanted.called}`);
  if (wanted && !heard) faults.push('the two did not hear each other');
  if (!wanted && sample.expect.refused !== undefined && refused !== sample.expect.refused)
    faults.push(`it was answered with ${refused ?? 'a call'}, not ${sample.expect.refused}`);
  return { sample, heard, faults, ...(reached && { reached }), ...(refused !== undefined && { refused }) };
}

function first(
  trunks: readonly { readonly trunk: { readonly name: string }; readonly called?: string }[],
  to: string,
): { readonly name: string; readonly called: string | undefined } | undefined {
  const [one] = trunks;
  return one && { name: one.trunk.name, called: one.called ?? to };
}

/** What came of a call, as people say it. */
export function cameOf({ reached, refused, heard }: Outcome): string {
  if (!reached) return refused === undefined ? 'nothing came of it' : `refused with ${refused}`;
  return `${reached.name} is called as ${reached.called} by ${reached.caller}${heard ? ', both hear each other' : ''}`;
}
