import { parseNameAddress, parseUri } from '#codec/sip-message';
import type { Octets } from '#kernel';
import { type Diverted, mostEntries, readReason } from './history.ts';
import { anonymous, isAnonymous, personOf, personSipUri, type Side, writeName } from './person.ts';

/** The values of Diversion (RFC 5806), newest first, as a history, oldest first. What is none of them is left out. */
export function readDiversions(values: readonly Octets[]): readonly Diverted[] {
  const history: Diverted[] = [];
  for (const value of values.slice(0, mostEntries)) {
    const address = parseNameAddress(value);
    const who = address && personOf(parseUri(address.uri), address.displayName);
    if (!who) continue;
    const { params } = address;
    const privacy = params.get('privacy')?.toLowerCase() ?? 'off';
    const screen = params.get('screen')?.toLowerCase();
    const limit = counted(params.get('limit'));
    history.push({
      who,
      reason: readReason(params.get('reason')),
      count: counted(params.get('counter')) ?? 1,
      private: privacy !== 'off' || isAnonymous(who),
      ...(screen === 'yes' || screen === 'no' ? { screen } : {}),
      ...(limit === undefined ? {} : { limit }),
    });
  }
  return history.reverse();
}

/** `mayKnow`: the side may know those who hide. */
export function writeDiversions(history: readonly Diverted[], side: Side, mayKnow: boolean): readonly Octets[] {
  return history
    .map((diverted) => {
      const who = diverted.private && !mayKnow ? anonymous : diverted.who;
      let value = `${writeName(who)}<${personSipUri(who, side)}>;reason=${diverted.reason}`;
      value += `;counter=${diverted.count};privacy=${diverted.private ? 'full' : 'off'}`;
      if (diverted.screen !== undefined) value += `;screen=${diverted.screen}`;
      if (diverted.limit !== undefined) value += `;limit=${diverted.limit}`;
      return value;
    })
    .reverse();
}

/** RFC 5806 4: one or two digits. */
function counted(value: Octets | undefined): number | undefined {
  return value !== undefined && /^\d{1,2}$/.test(value) && Number(value) > 0 ? Number(value) : undefined;
}
