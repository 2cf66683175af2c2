import type { HostPort, Sensitive } from '#kernel';
import type {
  CallLimits,
  DialPlan,
  Emergency,
  Link,
  Node,
  Pool,
  RegistrarConfiguration,
  SampleCall,
  Site,
  TimeWindow,
  TrunkPlace,
  User,
  VoicePolicy,
} from './enterprise.ts';
import type { Interworking } from './interworking.ts';
import type { ManagementConfiguration } from './management.ts';
import type { Network } from './network.ts';
import type { OutsideDecisions } from './outside-decision.ts';
import type { Planning, TunnelKind } from './planning.ts';
import type { SrtpConfiguration } from './srtp.ts';
import type { TracingConfiguration } from './tracing.ts';

/** A configuration as the engine uses it: immutable, validated, compiled from the YAML file by `#shell/config`. */
export interface Configuration {
  readonly listeners: readonly Listener[];
  readonly trunks: readonly Trunk[];
  /** Trunks that routes name as one. */
  readonly groups?: readonly TrunkGroup[];
  /** In order: the first that matches a call decides. */
  readonly routes: readonly Route[];
  readonly sites?: readonly Site[];
  readonly nodes?: readonly Node[];
  readonly pools?: readonly Pool[];
  /** The node that this is; its part of the configuration then is all that is here. The engine's own: no file has it. */
  readonly node?: string;
  /** Between regions, and between sites beside their regions. */
  readonly regionLinks?: readonly Link[];
  readonly siteLinks?: readonly Link[];
  readonly dialPlans?: readonly DialPlan[];
  readonly policies?: readonly VoicePolicy[];
  readonly users?: readonly User[];
  /** Absent: nobody registers here. */
  readonly registrar?: RegistrarConfiguration;
  readonly emergency?: Emergency;
  /** Who outside is asked where calls go; nobody unless given. */
  readonly decisions?: OutsideDecisions;
  readonly samples?: readonly SampleCall[];
  /** What `tandem plan` reckons with. */
  readonly planning?: Planning;
  /** What an address that no trunk names gets: a 403, or nothing. Counted either way. */
  readonly unknownSource: 'refuse' | 'ignore';
  readonly media: MediaConfiguration;
  /** `keep`: how long records are kept, ms; for ever unless given. */
  readonly records: { readonly path: string; readonly keep?: number };
  /** Absent: the API is at its Unix socket alone. */
  readonly management?: ManagementConfiguration;
  /** Where it is told, to anybody, whether calls are taken. Absent: at the Unix socket `health.sock` alone. */
  readonly health?: { readonly listen: HostPort };
  readonly tracing?: TracingConfiguration;
  /** How unwanted traffic is met; the defaults of `policy/unwanted` unless given. */
  readonly protection?: Protection;
  /** Where names are asked for; the system's servers unless given. */
  readonly dns?: DnsConfiguration;
  /** RFC 3261 17.1.1.1 base timers, ms. */
  readonly timers: { readonly t1: number; readonly t2: number; readonly t4: number };
  /** Sent as User-Agent and Server; nothing is sent when absent. */
  readonly userAgent?: string;
}

export type Side = 'internal' | 'external';
export type Transport = 'udp' | 'tcp' | 'tls';

/** One socket we listen on: a YAML listener with two transports becomes two of these. */
export interface Listener {
  /** `name/transport`, unique. */
  readonly id: string;
  readonly name: string;
  /** Which trunks may use it; `both` on a host with a single address. */
  readonly side: Side | 'both';
  readonly transport: Transport;
  readonly bind: HostPort;
  /** What Via and Contact say; `host` may be a DNS name. */
  readonly advertise: HostPort;
  /** With transport `tls` only, and then always. */
  readonly tls?: ListenerTls;
}

/** The certificate that a TLS listener shows, and that calls out of it show where their trunk has none of its own. */
export interface ListenerTls {
  /** Paths of PEM files: the certificate with its chain, and its private key. */
  readonly certificate: string;
  readonly key: string;
  /** What is asked of those who connect. `required` turns away whoever shows none that some trunk trusts. */
  readonly clientCertificate: 'required' | 'requested' | 'none';
  readonly minVersion: TlsVersion;
}
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** Not to be used, though it is there: till somebody says so, or until a time (Unix ms). */
export interface Disabled {
  readonly until?: number;
}

export interface Trunk extends Interworking, TrunkPlace {
  readonly name: string;
  /** No call is offered to it and none taken from it, but for test calls and calls for help. It stays registered and watched. */
  readonly disabled?: Disabled;
  readonly kind: 'itsp' | 'pstn-gateway' | 'ip-pbx';
  readonly side: Side;
  /** How requests go to it, unless the DNS (NAPTR) or a registered flow says otherwise. */
  readonly transport: Transport;
  /** NAPTR records choose the transport (RFC 3263 4.1); `transport` serves where there are none. */
  readonly naptr?: true;
  /** The peer, in order of preference: where requests come from and, without `nextHops`, where they go. */
  readonly addresses: readonly TrunkAddress[];
  /** Outbound proxies in order of preference. Where there are any, requests go to them and nothing else is resolved. */
  readonly nextHops?: readonly TrunkAddress[];
  /** Networks that requests may come from as well. */
  readonly networks?: readonly Network[];
  /** Networks that its media comes from, where they are known: firewalls let nobody else in. */
  readonly mediaNetworks?: readonly Network[];
  /** The host of Request-URI and To, and of From and identities that speak for us; the target's address unless given. */
  readonly domain?: string;
  readonly identity?: TrunkIdentity;
  readonly registration?: RegistrationConfiguration;
  /** What the trunk's challenges (401, 407) are answered with. */
  readonly credentials?: readonly Credentials[];
  /** What its requests are challenged for. A request that answers rightly is the trunk's, wherever it comes from. */
  readonly authenticate?: AuthenticateConfiguration;
  /** Names in a verified certificate that make a connection the trunk's, wherever it comes from. */
  readonly certificateNames?: readonly string[];
  /** With transport `tls`, or where NAPTR may lead to it. */
  readonly tls?: TrunkTls;
  /** Absent: RTP only. */
  readonly srtp?: SrtpConfiguration;
  /** Absent: nothing is asked and calls alone tell. */
  readonly health?: HealthConfiguration;
  /** What its failures mean, rule by rule; RFC defaults where none fits. */
  readonly responses?: readonly ResponseRule[];
  readonly connection?: ConnectionConfiguration;
  /** Differentiated services code points of what is sent to it, 0-63. */
  readonly dscp?: { readonly signalling: number; readonly media: number };
  /** Its peer takes media from, and sends it to, whoever it talks to: where `media.bypass` has it so, calls go past us. */
  readonly mediaBypass?: true;
  /** Where its media is, where that is not what `site` or its first address say: it tells which place that is of. */
  readonly mediaAddress?: string;
  /** Name of the capability profile it was checked against. */
  readonly profile?: string;
  readonly capacity: {
    /** Calls at once, both directions together; undefined = no limit. */
    readonly calls?: number;
    /** New calls in any second, both directions together; undefined = no limit. */
    readonly callsPerSecond?: number;
    /** Requests beside calls (`passes`) in any second, both directions together; 100 unless given. */
    readonly messagesPerSecond?: number;
    /** Subscriptions at once that pass to or from it; 10,000 unless given. */
    readonly subscriptions?: number;
  };
  /** Ms in which the peer must say more than 100 Trying, else the next target is tried. */
  readonly setupTimeout: number;
  /** Ms from the first ringing or progress to the answer. */
  readonly ringTimeout: number;
  /** It stands for another node of ours. The engine's own, as those that follow are: no file has them. */
  readonly node?: string;
  /** It ends at these nodes, under this name: it is reached by way of them, and nothing comes from it itself. */
  readonly by?: { readonly nodes: readonly string[]; readonly trunk: string };
  /** The trunk by which it is reached by way of the nodes that have it as well as we. */
  readonly pool?: string;
  /** What comes from another node for this trunk: it goes there and nowhere else. */
  readonly asks?: string;
  /** The restricted trunk by which a call came that another node asks for: whose devices are here is joined with that. */
  readonly came?: string;
  /** Ms in which it must say at least 100, which is said at once by who lives. */
  readonly trying?: number;
  /** Devices of its user that are registered here: another node asks for them, and rings the others itself. */
  readonly here?: true;
  /** The only device of its user that is meant: its instance id (RFC 5627). */
  readonly instance?: string;
  /** It stands for the devices of a user, which are where they registered from. The engine's own: no file has it. */
  readonly user?: User;
}

export interface TrunkAddress {
  /** IP literal or DNS name. */
  readonly host: string;
  /** Where requests go: the transport's default unless the file says. */
  readonly port: number;
  /**
   * True when the file names a port: the source must then carry it too (UDP; on a stream, the Via's sent-by port), and a
   * name is looked up without NAPTR and SRV (RFC 3263 4.2).
   */
  readonly matchPort: boolean;
}

/** Who we are to the trunk. */
export interface TrunkIdentity {
  /** The user part of our address of record there: an account or a main number. */
  readonly user: string;
  /** Text, as people read it. */
  readonly display?: string;
  /** `identity`: From names us and the caller stands in P-Asserted-Identity; `caller`: From names the caller. */
  readonly from: 'caller' | 'identity';
}

/** RFC 3261 10, with RFC 6140 (`gin`) and RFC 5626 (`outbound`). */
export interface RegistrationConfiguration {
  /** Domains to register at, in order; the first that takes us is kept. They are located unless the trunk has next hops. */
  readonly registrars: readonly TrunkAddress[];
  /** Ms asked for. */
  readonly expires: number;
  /** The user part of the Contact; that of the identity unless given, none with `gin`. */
  readonly contactUser?: string;
  readonly gin: boolean;
  readonly outbound: boolean;
  /** Ms before the first and the longest between later tries (RFC 5626 4.5). */
  readonly retry: { readonly base: number; readonly most: number };
}

export interface Credentials {
  /** The realm they are for; any unless given. */
  readonly realm?: string;
  readonly username: string;
  readonly password: Sensitive<string>;
}

export type DigestAlgorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

export interface AuthenticateConfiguration {
  readonly realm: string;
  readonly username: string;
  readonly password: Sensitive<string>;
  /** In order of preference, each offered (RFC 8760 2.1). */
  readonly algorithms: readonly DigestAlgorithm[];
}

export interface TrunkTls {
  /** Our own certificate towards it (PEM paths); the listener's unless given. */
  readonly certificate?: string;
  readonly key?: string;
  /** The system's roots, and PEM files of others. */
  readonly trust: { readonly system: boolean; readonly files: readonly string[] };
  /** Names of which its certificate must bear one (RFC 5922 7.1); the names that were asked for unless given. */
  readonly names?: readonly string[];
  /** A name `*.example` counts for one label. RFC 5922 7.2 forbids it, and some large providers need it. */
  readonly wildcards: boolean;
  readonly minVersion: TlsVersion;
  /** Ms after which a connection of ours is replaced by a new one; 0 = never. */
  readonly renewal: number;
}

export interface HealthConfiguration {
  /** Ms between OPTIONS to each target; 0 = none are sent. */
  readonly interval: number;
  /** Unanswered OPTIONS in a row until a target that has answered before is down. */
  readonly misses: number;
  /** Ms that one has to be answered; as long as requests have unless given. The engine's own. */
  readonly patience?: number;
  /** It is known to answer them: silence counts from the first on. The engine's own. */
  readonly answers?: true;
  /** Answers in a row until it is up again. */
  readonly successes: number;
  /** Calls in a row that came to nothing for want of any answer until a target is down; 0 = calls do not count. */
  readonly failedCalls: number;
}

/** What one kind of final response means. The first rule that fits decides. */
export interface ResponseRule {
  /** Inclusive range of statuses; any unless given. */
  readonly status?: { readonly from: number; readonly to: number };
  /** Q.850 cause in its Reason header; any or none unless given. */
  readonly q850?: number;
  /** The status it is taken for, and the caller gets. */
  readonly as?: number;
  /** Try the next target, or stop; as its (translated) status has it unless given. */
  readonly verdict?: 'next' | 'final';
}

/** Over what the trunk runs. */
export interface ConnectionConfiguration {
  readonly type: 'mpls' | 'private' | 'internet';
  /** A tunnel carries it. */
  readonly vpn: boolean;
  /** Of the segment between us and the router of that tunnel. */
  readonly vlan?: number;
  /** The tunnel, where it is said what it is: `vpn` is true then. */
  readonly tunnel?: Tunnel;
}

/** Between our router or VPN server and the provider's. */
export interface Tunnel {
  /** `gre` alone hides nothing. */
  readonly kind: TunnelKind;
  /** Its ends outside: addresses or names. */
  readonly ours?: string;
  readonly theirs?: string;
  /** Of UDP, at either end: WireGuard's. */
  readonly port: number;
}

export interface TrunkGroup {
  readonly name: string;
  /** Of its trunks together. */
  readonly capacity?: CallLimits;
  readonly members: readonly { readonly trunk: string; readonly weight: number }[];
  /** In which order its trunks are tried, call by call. */
  readonly choice: 'ordered' | 'round-robin' | 'weighted' | 'least-busy';
}

export interface Protection {
  /** Requests a second that one source which no trunk names may send before it is banned. */
  readonly requestsPerSecond: number;
  /** Ms of a first ban; each further one is twice as long, up to a day. */
  readonly ban: number;
  /** Words in User-Agent, From, To or Request-URI by which scanners are known, lower case, beside the built-in ones. */
  readonly signatures: readonly string[];
  /** Sources that are never banned, beside the trunks. */
  readonly never: readonly Network[];
}

export interface DnsConfiguration {
  /** Asked in order; the system's where there are none. */
  readonly servers: readonly HostPort[];
  /** Ms that one question may take, all servers together. */
  readonly timeout: number;
}

export interface Route {
  readonly name: string;
  /** It takes no call. */
  readonly disabled?: Disabled;
  /** Source trunks; empty = any. */
  readonly from: readonly string[];
  /** What the called number must be; absent = any. */
  readonly called?: {
    readonly prefixes?: readonly string[];
    readonly pattern?: string;
    /** Prefixes of numbers that it does not take all the same. */
    readonly except?: readonly string[];
  };
  /** Classes of calls that it belongs to. Absent: open to who has no usages. */
  readonly usages?: readonly string[];
  /** Within a usage lower ones come first; 0 unless given. */
  readonly priority?: number;
  /** Sites whose callers it is for; any unless given. */
  readonly sites?: readonly string[];
  /** It holds in one of these; always unless given. */
  readonly times?: readonly TimeWindow[];
  /** The caller is known by this number, whoever it is. */
  readonly callerId?: string;
  /** `least-cost`: by what the trunks charge for the number, the cheapest first. In order unless given. */
  readonly choice?: 'ordered' | 'least-cost';
  /** Trunks to try in order. */
  readonly to: readonly string[];
  /** Instead of calling: the refusal that the caller gets. */
  readonly refuse?: number;
}

export interface MediaConfiguration {
  /** `bypass`: SDP is passed on as it came and no media process takes part. */
  readonly mode: 'anchor' | 'bypass';
  readonly internal: MediaAddress;
  readonly external: MediaAddress;
  readonly ports: { readonly min: number; readonly max: number };
  /** Calls between well connected ends go past us, where both have `mediaBypass`; none do unless given. With `anchor`. */
  readonly bypass?: MediaBypass;
  /** Where it is anchored: calls take the links from there to both of their ends. */
  readonly site?: string;
  /** Ms without any packet before the parties of an answered call that should have some are asked whether they are there; 0 = never. */
  readonly silence: number;
  /** Ms after which such a call is ended although they are; never unless given. */
  readonly longestSilence?: number;
}

/** Which ends of calls are well connected. */
export interface MediaBypass {
  /** `always`: all are; `sites`: those with the same bypass ID, which regions, sites and their links give. */
  readonly by: 'always' | 'sites';
  /** With `sites`: what is at no site has an ID as well. */
  readonly unmapped: boolean;
}

export interface MediaAddress {
  readonly bind: string;
  readonly advertise: string;
}
