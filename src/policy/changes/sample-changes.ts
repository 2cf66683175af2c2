import type { Configuration, SampleCall } from '#policy/configuration';
import { HelpingRouter } from '#policy/emergency';
import { judge, outcomeOf } from '#policy/routing';

/** A sample call of which something else becomes. */
export interface SampleChange {
  readonly sample: SampleCall;
  /** In words; undefined: the call cannot be made there, its trunk or user is not known. */
  readonly was: string | undefined;
  readonly is: string | undefined;
  /** What is expected of it and is not so, in one sentence each. */
  readonly differences: readonly string[];
}

/**
 * What another configuration makes of the sample calls of both: those whose outcome it changes, in the order of the new ones. What it expects
 * has no part in it: who edits the expectation with the rule still wants to see what he does.
 */
export function sampleChanges(before: Configuration, after: Configuration): readonly SampleChange[] {
  const own = after.samples ?? [];
  const names = new Set(own.map(({ name }) => name));
  const samples = [...own, ...(before.samples ?? []).filter(({ name }) => !names.has(name))];
  if (samples.length === 0) return [];
  const [old, next] = [new HelpingRouter(before), new HelpingRouter(after)];
  const outcome = (router: HelpingRouter, { trunks, users = [] }: Configuration, sample: SampleCall) => {
    const isKnown = [...trunks, ...users].some(({ name }) => name === sample.from);
    return isKnown ? judge(router, sample) : undefined;
  };
  return samples.flatMap((sample) => {
    const [was, is] = [outcome(old, before, sample), outcome(next, after, sample)];
    const texts = { was: was && outcomeOf(was.plan), is: is && outcomeOf(is.plan) };
    if (texts.was === texts.is) return [];
    return [{ sample, ...texts, differences: is && names.has(sample.name) ? is.differences : [] }];
  });
}
