import { type CallRecord, type Configuration, siteOf } from '#engine/ports';
import type { LiveCall } from '../live/told.ts';
import { endsOf, recordView } from '../records/view.ts';
import { iso } from '../time.ts';
import type { Happening } from './happening.ts';

/** Octets of a record that are told whole; of a longer one what was measured and why it went where it went is left out. */
const longest = 64 * 1024;

type Trunks = Pick<Configuration, 'trunks'>;

/** A call that has ended, with its record. */
export function endedCall(record: CallRecord, configuration: Trunks): Happening<'call.ended'> {
  const whole = recordView(record);
  const { media: _, ...short } = whole;
  const data = JSON.stringify(whole).length > longest ? { ...short, decisions: [] } : whole;
  const { call, endedAt, caller, called, leg, attempts } = record;
  return {
    type: 'call.ended',
    at: endedAt,
    text: `A call from ${caller} to ${called} has ended: ${whole.end.text}.`,
    data,
    subject: `call ${call}`,
    key: call,
    ...placesOf([leg.trunk, ...attempts.map((one) => one.leg.trunk)], record.basis?.site, configuration),
  };
}

/** A call for help that stands. */
export function emergencyOfCall(call: LiveCall, configuration: Trunks): Happening<'call.emergency'> {
  const { a, b, ...rest } = call;
  return emergency({ ...rest, from: a.trunk, trunks: [a.trunk, ...(b ? [b.trunk] : [])] }, configuration);
}

/** One that is over. */
export function emergencyOfRecord(record: CallRecord, configuration: Trunks): Happening<'call.emergency'> {
  const { leg, attempts, basis } = record;
  const { site } = endsOf(record);
  return emergency(
    {
      ...record,
      site,
      user: basis?.user,
      from: leg.trunk,
      trunks: [leg.trunk, ...attempts.map((one) => one.leg.trunk)],
    },
    configuration,
  );
}

interface CallForHelp {
  readonly call: string;
  readonly emergency?: string;
  readonly caller: string;
  readonly called: string;
  readonly user?: string | undefined;
  readonly site?: string | undefined;
  readonly from: string;
  readonly startedAt: number;
  readonly trunks: readonly string[];
}

function emergency(
  { call, emergency: number = '', caller, called, user, site, from, startedAt, trunks }: CallForHelp,
  configuration: Trunks,
): Happening<'call.emergency'> {
  return {
    type: 'call.emergency',
    at: startedAt,
    text: `${caller} calls for help (${number})${site === undefined ? '' : ` at ${site}`}.`,
    data: {
      call,
      emergency: number,
      caller,
      called,
      ...(user !== undefined && { user }),
      ...(site !== undefined && { site }),
      from,
      started: iso(startedAt),
    },
    // Before its end, which is of the same subject.
    subject: `call ${call}`,
    key: call,
    ...placesOf(trunks, site, configuration),
  };
}

/** By what a call is one of somebody's trunks or sites. */
function placesOf(
  trunks: readonly string[],
  site: string | undefined,
  configuration: Trunks,
): Pick<Happening, 'trunks' | 'sites'> {
  const names = [...new Set(trunks)];
  const sites = [site, ...names.map((trunk) => siteOf(configuration, trunk))].filter((one) => one !== undefined);
  return { trunks: names, sites: [...new Set(sites)] };
}
