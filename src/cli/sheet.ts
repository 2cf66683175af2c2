import type { Configuration, Profile, Trunk } from '#engine/ports';
import { getSections } from './sheet-get.ts';
import { giveSections } from './sheet-give.ts';
import type { SheetRow, SheetSection } from './sheet-row.ts';

export type { SheetRow, SheetSection };

/** What the two sides of a trunk have to know of each other before its first call. */
export interface Sheet {
  readonly trunk: string;
  readonly kind: Trunk['kind'];
  /** `over the internet`; empty when it is not said. */
  readonly connection: string;
  /** What texts call the other side. */
  readonly peer: string;
  readonly get: readonly SheetSection[];
  readonly give: readonly SheetSection[];
  /** How many rows are to be agreed. */
  readonly open: number;
}

/** Both halves, from the configuration and the peer's profile (an empty one where it has none). */
export function sheetOf(trunk: Trunk, configuration: Configuration, profile: Profile): Sheet {
  const get = getSections(trunk, profile);
  const give = giveSections(trunk, configuration, profile);
  const rows = [...get, ...give].flatMap((section) => section.rows);
  return {
    trunk: trunk.name,
    kind: trunk.kind,
    connection: trunk.connection ? connections[trunk.connection.type] + (trunk.connection.vpn ? ', VPN' : '') : '',
    peer: trunk.kind === 'itsp' ? 'the provider' : 'the peer',
    get,
    give,
    open: rows.filter(({ values }) => values.length === 0).length,
  };
}

const connections = { mpls: 'over MPLS', private: 'over a private connection', internet: 'over the internet' } as const;
