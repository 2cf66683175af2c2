import type { Context, PlacedTrunk } from './check-context.ts';

/** What passes beside calls: each entry of the trunk says something, and some other trunk takes the same. */
export function checkPasses(
  { path, entry, it }: PlacedTrunk,
  all: readonly PlacedTrunk[],
  { draft, report }: Context,
): void {
  const { passes } = entry;
  if (!passes) return;
  const ofUsers = [...(draft.registrar?.passes ?? []), ...(draft.registrar ? watched : [])];
  for (const [at, one] of passes.entries()) {
    const place = [...path, 'passes', at];
    const method = methodOf(one);
    if (passes.indexOf(one) < at) report('TDM-1213', place, `${one} stands here twice.`);
    else if (one !== method && passes.includes(method))
      report('TDM-1216', place, `${method} lets every package pass.`, `Name the packages, or say ${method} alone.`);
    else if (
      !ofUsers.some((theirs) => overlap(one, theirs)) &&
      !all.some((other) => other.it !== it && other.entry.passes?.some((theirs) => overlap(one, theirs)))
    )
      report('TDM-1312', place, `no other trunk lets ${one} pass.`);
  }
}

/** What users can be watched by. */
const watched = ['SUBSCRIBE/dialog', 'SUBSCRIBE/presence'];

function methodOf(one: string): string {
  return one.split('/', 1)[0]!;
}

/** Something may be both. */
function overlap(one: string, other: string): boolean {
  const method = methodOf(one);
  return one === other || (method === methodOf(other) && (one === method || other === method));
}
