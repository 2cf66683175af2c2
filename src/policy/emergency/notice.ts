import { type CivicAddress, civicLine } from '#codec/pidf-lo';
import { type Octets, toText } from '#kernel';
import type { EmergencyPlan } from './planner.ts';

/** What who wants to know is told of a call for help. Texts are text, not octets. */
export interface EmergencyNotice {
  readonly call: string;
  /** Unix ms. */
  readonly at: number;
  /** Nobody was called: somebody tries it out. */
  readonly test: boolean;
  /** The number of help. */
  readonly number: string;
  /** Whom help can call back; '' when nobody is named. */
  readonly caller: string;
  /** Who that is, where he is known. */
  readonly name?: string;
  /** The trunk or user that it came from. */
  readonly source: string;
  readonly site?: string;
  /** Absent where the place is not known. */
  readonly location?: { readonly name: string; readonly address: string; readonly civic: CivicAddress };
  /** The number that stands for the place: a call back to it finds the caller. */
  readonly elin?: string;
  /** Who was asked first. */
  readonly trunk?: string;
}

/** A call for help that is under way, or tried out. */
interface Told {
  readonly id: string;
  readonly plan: EmergencyPlan;
  readonly caller: Octets;
  readonly source: { readonly name: string };
  readonly trunk?: { readonly name: string };
}

export function noticeOf({ id, plan, caller, source, trunk }: Told, at: number): EmergencyNotice {
  const { number, test, elin, place } = plan;
  const { location, site, user } = place;
  const name = user?.display ?? user?.name;
  return {
    call: id,
    at,
    test,
    number,
    caller: toText(caller),
    ...(name === undefined ? {} : { name }),
    source: source.name,
    ...(site ? { site: site.name } : {}),
    ...(location
      ? { location: { name: location.name, address: civicLine(location.civic), civic: location.civic } }
      : {}),
    ...(elin === undefined ? {} : { elin }),
    ...(trunk ? { trunk: trunk.name } : {}),
  };
}

/** One line for people. */
export function describeNotice({ test, number, caller, name, source, site, location, at }: EmergencyNotice): string {
  const who = caller === '' ? 'somebody' : caller;
  const known = name === undefined ? '' : ` (${name})`;
  const place = location ? `${location.name}${location.address === '' ? '' : `: ${location.address}`}` : 'not known';
  const where = site === undefined ? '' : `, site ${site}`;
  return `${test ? 'TEST, nobody was called. ' : ''}Emergency call to ${number} from ${who}${known} by ${source}${where}. Place: ${place}. ${new Date(at).toISOString()}`;
}
