import type { Dice } from './dice.ts';
import type { Organisation } from './organisation/organisation.ts';

/** What may go wrong in a run. */
export const faults = [
  'loss',
  'duplicates',
  'reordering',
  'long-ways',
  'partitions',
  'resets',
  'engine-crashes',
  'media-crashes',
  'media-link',
  'slow-media',
  'few-ports',
  'peer-crashes',
  'clock-jumps',
  'late-timers',
  'slow-store',
  'unreachable',
  'hostile',
  'dns-silence',
  'dns-failures',
  'dns-denials',
  'dns-changes',
  'registrars',
  'options',
  'handshakes',
  'certificates',
  'quiet-peers',
  'reconfigures',
] as const;
export type Fault = (typeof faults)[number];

/** The shape of one run: which faults, and what kind of system. */
export interface Mix {
  readonly faults: ReadonlySet<Fault>;
  /** Which peers use TCP, and which TLS. */
  readonly tcp: ReadonlySet<string>;
  readonly tls: ReadonlySet<string>;
  /** Which providers are known by name. */
  readonly named: ReadonlySet<string>;
  /** At which providers we register. */
  readonly registered: ReadonlySet<string>;
  /** Which peers ask for credentials. */
  readonly challenging: ReadonlySet<string>;
  /** Of which peers the health is watched. */
  readonly watched: ReadonlySet<string>;
  /** The PBX has to prove itself to us. */
  readonly proving: boolean;
  /** Which peers can do PRACK, UPDATE, session timers, and know 199. */
  readonly reliable: ReadonlySet<string>;
  readonly updating: ReadonlySet<string>;
  readonly timing: ReadonlySet<string>;
  readonly counting: ReadonlySet<string>;
  /** Which peers transfer and are transferred by REFER, and which send and receive faxes. */
  readonly referring: ReadonlySet<string>;
  readonly faxing: ReadonlySet<string>;
  /** Calls last for minutes: sessions have to be refreshed. */
  readonly patient: boolean;
  /** Trunks have words about calls of their own. */
  readonly particular: boolean;
  readonly bypass: boolean;
  /** Media of some calls goes past us: between all ends, or those that sites connect well. With ports for the others. */
  readonly direct: 'always' | 'sites' | undefined;
  readonly calls: number;
  /** Ms in which calls begin and faults happen. */
  readonly span: number;
  readonly callsLimit: number | undefined;
  readonly callsPerSecond: number | undefined;
  /** The second provider has an address before its own where nobody is. */
  readonly deadAddress: boolean;
  /** Told to end, each call in its own time or all at once, and started again. */
  readonly ending: 'drain' | 'stop' | undefined;
  /** Sites, people with telephones, rights, help: what stands behind the trunks, in some worlds. */
  readonly organisation: Organisation | undefined;
}

/**
 * Swarm testing: each run has its own mixture, since a fault that is always there hides what only its absence shows.
 * `without` takes faults away after the throw, to find out which of them a failure needs.
 */
export function mixOf(dice: Dice, peers: readonly string[], without: ReadonlySet<Fault>): Mix {
  const calm = dice.chance(0.08);
  const density = dice.between(0.1, 0.5);
  const thrown = faults.filter(() => dice.chance(density));
  // Who says nothing does nobody any harm.
  const chosen: readonly Fault[] = calm ? (dice.chance(0.5) ? ['quiet-peers'] : []) : thrown;
  const streams = dice.chance(0.4) ? peers.filter(() => dice.chance(0.5)) : [];
  const secure = new Set(streams.filter(() => dice.chance(0.4)));
  // Half of the worlds are of trunks that are known by address, and do nothing by themselves.
  const patient = dice.chance(0.15);
  const plain = dice.chance(0.5);
  const some = (of: readonly string[]) => new Set(plain ? [] : of.filter(() => dice.chance(0.5)));
  const each = (of: readonly string[]) => new Set(of.filter(() => dice.chance(0.6)));
  const providers = peers.filter((name) => name !== 'pbx');
  return {
    faults: new Set(chosen.filter((fault) => !without.has(fault))),
    tcp: new Set(streams.filter((name) => !secure.has(name))),
    tls: secure,
    named: some(providers),
    registered: some(providers),
    challenging: some(peers),
    watched: some(peers),
    proving: !plain && dice.chance(0.3),
    reliable: each(peers),
    updating: each(peers),
    timing: patient ? new Set(peers) : each(peers),
    counting: each(peers),
    referring: each(peers),
    faxing: each(peers),
    particular: patient || dice.chance(0.6),
    bypass: dice.chance(0.12),
    calls: 4 + dice.integer(20),
    patient,
    span: patient ? dice.between(150_000, 300_000) : dice.between(15_000, 90_000),
    callsLimit: dice.chance(0.25) ? 1 + dice.integer(5) : undefined,
    callsPerSecond: dice.chance(0.1) ? 1 + dice.integer(2) : undefined,
    deadAddress: dice.chance(0.15),
    ending: dice.chance(0.12) ? dice.pick(['drain', 'stop'] as const) : undefined,
    direct: dice.chance(0.15) ? dice.pick(['always', 'sites'] as const) : undefined,
    organisation: undefined,
  };
}

/** Media may go past us: of all calls, of those between well connected ends, or of calls for help for which there are no ports. */
export function passesMedia({ bypass, direct, organisation, faults }: Mix): boolean {
  const portless: readonly Fault[] = ['few-ports', 'media-crashes', 'media-link', 'slow-media'];
  return (
    bypass ||
    direct !== undefined ||
    (organisation?.hasEmergency === true && portless.some((fault) => faults.has(fault)))
  );
}
