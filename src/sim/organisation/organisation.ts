import type { Bandwidth, CallLimits, Link, Site, Trunk, User, VoicePolicy } from '#policy/configuration';
import type { Dice } from '../dice.ts';
import type { PeerAddress, PeerTransport } from '../peer-address.ts';

/** Where telephones are: at one of the sites, or on the road. */
export type Where = 'centre' | 'branch' | 'road';

/** A telephone of somebody. */
export interface DeviceAddress extends PeerAddress {
  readonly user: string;
  readonly where: Where;
  readonly transport: PeerTransport;
  /** Seconds that it asks for. */
  readonly expires: number;
  /** It can keep a flow (RFC 5626). */
  readonly outbound: boolean;
  /** Somebody has typed its password wrong. */
  readonly isWrong: boolean;
  /** The file may have another one for a while. */
  readonly mayChange?: boolean;
  /** Another number rings with it: one offer goes to both, wherever they are. */
  readonly ringsOutside: boolean;
}

/** Somebody. */
export interface Person {
  readonly name: string;
  readonly line: string;
  /** Other numbers of his: each is called once. */
  readonly numbers: readonly string[];
  readonly site: 'centre' | 'branch';
  readonly policy: string | undefined;
  readonly location: string | undefined;
  /** Contacts at once. */
  readonly most: number;
  readonly devices: readonly DeviceAddress[];
  readonly capacity: CallLimits | undefined;
  readonly forward: User['forward'] | undefined;
  readonly hidden: boolean;
}

/** Who helps, and how a provider takes a call for help. */
export type Helper = 'answers' | 'refuses' | 'silent' | 'no place';

export interface Organisation {
  readonly people: readonly Person[];
  readonly devices: readonly DeviceAddress[];
  readonly sites: readonly Site[];
  readonly regionLinks: readonly Link[];
  readonly siteLinks: readonly Link[];
  readonly policies: readonly VoicePolicy[];
  /** Where trunks are, and what else the organisation says of them. */
  readonly trunks: Readonly<Record<string, Partial<Trunk>>>;
  /** Where media are anchored. */
  readonly mediaSite: string | undefined;
  /** Of both providers together. */
  readonly groupCalls: number | undefined;
  readonly leastCost: boolean;
  readonly hasEmergency: boolean;
  readonly first: readonly string[];
  readonly ofBranch: readonly string[];
  readonly relay: boolean;
  readonly notifies: readonly ('message' | 'webhook' | 'mail')[];
  readonly helpers: Readonly<Record<string, Helper>>;
  readonly service: { readonly when: 'first' | 'unrouted'; readonly otherwise: 'routes' | 'refuse' } | undefined;
  readonly enum: { readonly when: 'first' | 'unrouted'; readonly otherwise: 'routes' | 'refuse' } | undefined;
  /** Longest registration, seconds. */
  readonly longest: number;
  /** Somebody's domain; addresses of ours serve as well where there is none. */
  readonly domain: string | undefined;
}

/** What is dialled for help, and what trunks are told then. */
export const helpNumbers: ReadonlySet<string> = new Set(['112', '911', '110', '0112', '+112', 'urn:service:sos']);
export const helpNumber = '112';
export const relayNumber = '+49301100';
/** Nobody is called by it. */
export const testNumber = '933';

const names = ['anna', 'bert', 'cleo', 'dora'] as const;
const hosts: Readonly<Record<Where, string>> = { centre: '10.0.0', branch: '10.0.1', road: '203.0.113' };

export const registrarRealm = 'house';

export function passwordOf(user: string): string {
  return `of-${user}`;
}

/** An organisation behind the trunks; undefined in half of the worlds. `numbers`: those that the run's calls go to. */
export function organisationOf(
  dice: Dice,
  mix: { readonly span: number },
  numbers: readonly string[],
): Organisation | undefined {
  if (dice.chance(0.5)) return undefined;
  const drawn = peopleOf(dice, numbers);
  // What rings with somebody may be anybody's.
  const ringsOutside = drawn.some(({ forward }) => forward?.together !== undefined);
  const people = drawn.map((one) => ({ ...one, devices: one.devices.map((device) => ({ ...device, ringsOutside })) }));
  const regions = dice.chance(0.5) ? ['north-sea', 'alps'] : ['north-sea', 'north-sea'];
  const isLimited = dice.chance(0.6);
  const sites: Site[] = (['centre', 'branch'] as const).map((name, i) => ({
    name,
    kind: name === 'centre' ? 'central' : 'branch',
    region: regions[i]!,
    country: name === 'centre' || dice.chance(0.5) ? 'DE' : 'FR',
    subnets: [
      {
        network: { host: `${hosts[name]}.0`, bits: 24 },
        ...(dice.chance(0.5) ? { location: `${name}-floor` } : {}),
      },
    ],
    ...(isLimited && dice.chance(0.7) ? { bandwidth: bandwidth(dice) } : {}),
    resilient: false,
    survivability: 'none',
    ...(dice.chance(0.7) ? { location: name } : {}),
    ...(dice.chance(0.15) ? { localTermination: true } : {}),
    ...(dice.chance(0.15) ? { localPolicy: 'local' } : {}),
    ...(dice.chance(0.2) ? { capacity: { calls: 1 + dice.integer(4) } } : {}),
  }));
  const hasEmergency = dice.chance(0.75);
  const helper = (): Helper => dice.pick(['answers', 'answers', 'answers', 'refuses', 'silent', 'no place']);
  const oracle = () =>
    ({ when: dice.pick(['first', 'unrouted'] as const), otherwise: dice.pick(['routes', 'refuse'] as const) }) as const;
  return {
    people,
    devices: people.flatMap(({ devices }) => devices),
    sites,
    regionLinks:
      isLimited && regions[0] !== regions[1] ? [{ between: ['north-sea', 'alps'], bandwidth: bandwidth(dice) }] : [],
    siteLinks: isLimited && dice.chance(0.3) ? [{ between: ['centre', 'branch'], bandwidth: bandwidth(dice) }] : [],
    policies: policiesOf(dice),
    trunks: trunksOf(dice, hasEmergency),
    mediaSite: dice.pick([undefined, undefined, 'centre', 'branch']),
    groupCalls: dice.chance(0.2) ? 1 + dice.integer(4) : undefined,
    leastCost: dice.chance(0.2),
    hasEmergency,
    first: dice.pick([['north'], ['south'], ['north', 'south'], ['carriers'], []]),
    ofBranch: dice.pick([[], [], ['south'], ['north']]),
    relay: dice.chance(0.3),
    notifies: (['message', 'webhook', 'mail'] as const).filter(() => dice.chance(0.4)),
    helpers: { north: helper(), south: helper() },
    service: dice.chance(0.35) ? oracle() : undefined,
    enum: dice.chance(0.2) ? oracle() : undefined,
    longest: Math.min(120, Math.max(40, Math.round(mix.span / 1000))),
    domain: dice.chance(0.7) ? 'house.example' : undefined,
  };
}

function peopleOf(dice: Dice, numbers: readonly string[]): readonly Person[] {
  const count = 2 + dice.integer(names.length - 1);
  const owners = numbers.map(
    (number) => [number, dice.chance(0.6) ? dice.pick(names.slice(0, count)) : undefined] as const,
  );
  let next = 100;
  return names.slice(0, count).map((name, i): Person => {
    const site = dice.pick(['centre', 'branch'] as const);
    const elsewhere = () => dice.pick(['+49550001', `+4930990${dice.integer(count)}`, '+49550002']);
    const together = dice.chance(0.2) ? elsewhere() : undefined;
    // One offer goes to all: who has telephones inside and outside has them told what they need not know.
    const isAway = dice.chance(0.2);
    const devices = Array.from({ length: dice.pick([0, 1, 1, 2, 2, 3]) }, (_, n): DeviceAddress => {
      const where: Where = isAway ? 'road' : dice.chance(0.8) ? site : dice.pick(['centre', 'branch'] as const);
      const transport = dice.pick(['udp', 'udp', 'udp', 'tcp', 'tls'] as const);
      return {
        name: `${name}-${n + 1}`,
        user: name,
        where,
        side: where === 'road' ? 'external' : 'internal',
        address: { host: `${hosts[where]}.${next++}`, port: dice.pick([5060, 5070]) },
        transport,
        expires: dice.pick([20, 40, 90, 3600]),
        outbound: transport !== 'udp' && dice.chance(0.5),
        isWrong: dice.chance(0.05),
        ringsOutside: false,
      };
    });
    const forward = {
      ...(dice.chance(0.08) ? { always: elsewhere() } : {}),
      ...(dice.chance(0.2) ? { busy: elsewhere() } : {}),
      ...(dice.chance(0.2) ? { noAnswer: { to: elsewhere(), after: dice.between(2_000, 8_000) } } : {}),
      ...(dice.chance(0.3) ? { unregistered: elsewhere() } : {}),
      ...(together === undefined ? {} : { together }),
    };
    return {
      name,
      line: `+4930990${i}`,
      numbers: owners.flatMap(([number, owner]) => (owner === name ? [number] : [])),
      site,
      policy: dice.pick([undefined, 'staff', 'staff', 'guest']),
      location: dice.chance(0.2) ? 'desk' : undefined,
      most: dice.chance(0.8) ? 5 : 1 + dice.integer(2),
      devices,
      capacity: dice.chance(0.2) ? { calls: 1 + dice.integer(2) } : undefined,
      forward: Object.keys(forward).length > 0 ? forward : undefined,
      hidden: dice.chance(0.15),
    };
  });
}

function policiesOf(dice: Dice): readonly VoicePolicy[] {
  const features = () => ({
    forwarding: dice.chance(0.85),
    transfer: dice.chance(0.85),
    'simultaneous-ring': dice.chance(0.8),
    'pstn-reroute': dice.chance(0.6),
    'bandwidth-override': dice.chance(0.15),
    'toll-bypass': dice.chance(0.6),
  });
  return [
    { name: 'staff', usages: ['near', 'far'], features: features() },
    { name: 'guest', usages: ['near'], features: features() },
    { name: 'local', usages: dice.pick([['far'], ['near', 'far']]), features: features() },
    ...(dice.chance(0.8) ? [{ name: 'global', usages: ['near', 'far'], features: features() }] : []),
  ];
}

const trusted = { trusted: true, header: 'p-asserted-identity', history: 'history-info', privacy: 'header' } as const;

function trunksOf(dice: Dice, hasEmergency: boolean): Organisation['trunks'] {
  const emergency = () => (hasEmergency ? dice.pick(['location', 'location', 'elin', undefined] as const) : undefined);
  const of = (
    site: 'centre' | 'branch' | undefined,
    says: 'location' | 'elin' | undefined,
    isLocal: boolean,
  ): Partial<Trunk> => ({
    ...(site === undefined ? {} : { site }),
    ...(says ? { emergency: says } : {}),
    ...(isLocal ? { localOnly: true } : {}),
    ...(dice.chance(0.2) ? { mobile: true } : {}),
    rates: [{ prefix: '+49', price: dice.integer(10) }],
  });
  return {
    pbx: {
      ...of('centre', undefined, false),
      ...(dice.chance(0.4) ? { usages: dice.pick([['near', 'far'], ['far']]) } : {}),
      ...(dice.chance(0.3) ? { callerIdentity: trusted } : {}),
    },
    north: of(dice.pick(['centre', undefined]), emergency(), false),
    south: of(dice.pick(['branch', 'branch', undefined]), emergency(), dice.chance(0.2)),
  };
}

/** Of a link that has room for some calls. */
function bandwidth(dice: Dice): Bandwidth {
  return {
    audio: dice.pick([90, 170, 260, 500, 2_000]),
    audioSession: dice.pick([100, 100, 100, 60]),
    video: dice.pick([0, 600, 2_000]),
    videoSession: dice.pick([0, 600, 600]),
  };
}
