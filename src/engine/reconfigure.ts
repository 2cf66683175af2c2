import { type Call, type DialogUser, settleStanding } from '#call';
import type { Instant } from '#kernel';
import type { Occupancy, Room } from '#policy/admission';
import type { Configuration } from '#policy/configuration';
import type { DialogTable } from '#sip/dialog';
import type { Nodes } from './nodes.ts';
import type { Planner } from './planner.ts';
import type { Reception } from './reception.ts';
import type { Trunks } from './trunks/trunks.ts';
import type { Users } from './users/users.ts';

interface Parts {
  readonly nodes: Nodes | undefined;
  readonly planner: Planner;
  readonly room: Room;
  readonly occupancy: Occupancy;
  readonly users: Users;
  readonly reception: Reception;
  readonly trunks: Trunks;
  readonly dialogs: DialogTable<DialogUser>;
  readonly calls: Iterable<Call>;
}

/**
 * Another configuration holds for all that goes on between calls and for those that begin. A call that stands keeps the trunks that it
 * began with: they are looked for by name, or are what it holds on to. What has not changed is the same object as before (`shared`), and
 * whoever looks after it goes on as he was. Order: who is asked by others comes first.
 */
export function reconfigure(parts: Parts, configuration: Configuration, now: Instant): void {
  const { nodes, planner, room, occupancy, users, reception, trunks, dialogs, calls } = parts;
  nodes?.configure(configuration);
  planner.configure(configuration);
  room.configure(configuration);
  occupancy.configure(configuration);
  users.configure(configuration, planner.router.directory, now);
  const standing = new Set<string>();
  for (const { flow } of dialogs.owners()) standing.add(flow.remote.host);
  reception.configure(configuration, standing);
  trunks.configure(configuration.trunks, now);
  for (const call of calls) settleStanding(call);
}
