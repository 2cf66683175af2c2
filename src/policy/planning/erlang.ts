/*
 * The traffic theory of A. K. Erlang (ITU-T E.500 series). Traffic is in erlangs: calls that begin in an hour times the hours that one
 * lasts. Calls come at random, from many who do not know of each other.
 */

/** More lines than these are not reckoned with. */
const most = 1_000_000;

/** Erlang B: the share of calls that find every line taken, where those are gone. 0 to 1. */
export function blockedShare(traffic: number, lines: number): number {
  // The recursion of the inverse does not overflow as the quotient of powers and factorials does.
  let blocked = 1;
  for (let line = 1; line <= lines; line++) blocked = (traffic * blocked) / (line + traffic * blocked);
  return blocked;
}

/** The fewest lines with which no greater share of the calls is lost. `share` is above 0. */
export function linesFor(traffic: number, share: number): number {
  if (traffic === 0) return 0;
  let blocked = 1;
  let lines = 0;
  while (blocked > share && lines < most) {
    lines++;
    blocked = (traffic * blocked) / (lines + traffic * blocked);
  }
  return lines;
}

/** Erlang C: the share of calls that wait, where those that find everybody busy stay. 1 where there are too few for ever. */
export function waitingShare(traffic: number, agents: number): number {
  if (traffic >= agents) return traffic === 0 ? 0 : 1;
  const blocked = blockedShare(traffic, agents);
  return blocked / (1 - (traffic / agents) * (1 - blocked));
}

/** The share of calls that wait no longer than `within`, in the unit of `handling`, which is what one takes on average. */
export function answeredShare(traffic: number, agents: number, handling: number, within: number): number {
  if (traffic >= agents) return traffic === 0 ? 1 : 0;
  return 1 - waitingShare(traffic, agents) * Math.exp(-((agents - traffic) * within) / handling);
}

/** How long a call waits on average, those too that do not wait; in the unit of `handling`. */
export function meanWait(traffic: number, agents: number, handling: number): number {
  if (traffic === 0) return 0;
  return traffic >= agents ? Number.POSITIVE_INFINITY : (waitingShare(traffic, agents) * handling) / (agents - traffic);
}

/** The fewest agents with whom at least `share` (below 1) of the calls are answered `within` that time. */
export function agentsFor(traffic: number, handling: number, within: number, share: number): number {
  let agents = Math.floor(traffic);
  while (agents < most && answeredShare(traffic, agents, handling, within) < share) agents++;
  return agents;
}
