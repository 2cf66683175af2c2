import type { HostPort, Sensitive } from '#kernel';
import type { DeviceSettings } from './devices.ts';
import type { ManagementConfiguration } from './management.ts';
import type { Network } from './network.ts';

/*
 * The organisation behind the trunks: its places, people, numbers and rights. Every part is optional; a file without any of it
 * joins trunks by routes alone.
 */

/** A place with phones, trunks or both. */
export interface Site {
  readonly name: string;
  readonly kind: 'central' | 'branch';
  /** Of a branch: the central site that serves it. */
  readonly centre?: string;
  readonly region?: string;
  /** ISO 3166-1, two letters. */
  readonly country?: string;
  readonly subnets: readonly Subnet[];
  /** Its link to its region: the most that calls may take of it. Absent: as much as they want. */
  readonly bandwidth?: Bandwidth;
  /** That link is doubled: the branch needs nothing of its own to live through its loss. */
  readonly resilient: boolean;
  /** What keeps a branch going without the centre: nothing, an appliance or a server beside it, or a whole site. */
  readonly survivability: 'none' | 'appliance' | 'server' | 'full';
  /** The rules of who is here and has none of its own. */
  readonly dialPlan?: string;
  readonly policy?: string;
  /** Where help is to come to, for who is here and in no subnet that says it better. */
  readonly location?: string;
  /**
   * Calls of who is here leave as this policy says, whatever their own: no call goes round a toll (location-based routing). For
   * users whose own policy lacks `toll-bypass`.
   */
  readonly localPolicy?: string;
  /** Calls of who is here leave by trunks that end in its country. */
  readonly localTermination?: boolean;
  /** Of the people of this site with trunks. */
  readonly capacity?: CallLimits;
}

/** Calls at once, and new ones in any second; no limit unless given. */
export interface CallLimits {
  readonly calls?: number;
  readonly callsPerSecond?: number;
}

/** Addresses of one place within a site. */
export interface Subnet {
  readonly network: Network;
  readonly location?: string;
  /** Media of who is here never goes past us: wireless, for one. */
  readonly mediaBypass?: false;
}

/** One way, kbit/s. */
export interface Bandwidth {
  readonly audio: number;
  readonly audioSession: number;
  readonly video: number;
  readonly videoSession: number;
}

/** A link between two regions, or between two sites beside their regions. */
export interface Link {
  readonly between: readonly [string, string];
  readonly bandwidth?: Bandwidth;
}

/** A first match decides: what the whole number looks like, and what becomes of it (`$1` for what a group held). */
export interface NumberRule {
  readonly name: string;
  readonly pattern: string;
  readonly to: string;
  /** Of a dial plan: it is for numbers within, and asked before the access prefix comes off, never behind it. */
  readonly internal?: true;
}

/** How what is dialled becomes a number that routing knows. */
export interface DialPlan {
  readonly name: string;
  /** What people dial before a number outside, "0" or "9": it comes off before the rules are asked that are not `internal`. */
  readonly accessPrefix?: string;
  readonly rules: readonly NumberRule[];
}

/** What somebody may call: usages in order, each the name of a class of routes. */
export interface VoicePolicy {
  readonly name: string;
  readonly usages: readonly string[];
  /** All but what is named `false`. */
  readonly features: Readonly<Record<VoiceFeature, boolean>>;
}
export type VoiceFeature =
  | 'forwarding'
  | 'transfer'
  | 'simultaneous-ring'
  /** A call that the network has no room for goes by a trunk instead. */
  | 'pstn-reroute'
  /** Calls to him are let in however full a link is. */
  | 'bandwidth-override'
  | 'toll-bypass';

/** Somebody, or something, that registers here or is reached by way of a trunk. */
export interface User extends DeviceSettings {
  /** The user part of its address of record, and its name at digest. */
  readonly name: string;
  readonly display?: string;
  /** E.164 with "+", and `;ext=` where many share it. */
  readonly line?: string;
  /** Other numbers that lead to it. */
  readonly numbers: readonly string[];
  readonly site?: string;
  /** Absent: it can't register. */
  readonly password?: Sensitive<string>;
  readonly dialPlan?: string;
  readonly policy?: string;
  /** Contacts at once. */
  readonly devices: number;
  /** Of all its devices together. */
  readonly capacity?: CallLimits;
  /** Where its calls go, before, instead of or after its devices ring. */
  readonly forward?: {
    readonly always?: string;
    readonly busy?: string;
    readonly noAnswer?: { readonly to: string; readonly after: number };
    readonly unregistered?: string;
    /** Rings with its devices. */
    readonly together?: string;
  };
  /** Its number is never shown outside. */
  readonly hidden: boolean;
  /** Its devices can't take media from anybody but us. */
  readonly mediaBypass?: false;
  /** Where it is, unless its address says that it is not there any more: a phone on a wall. */
  readonly location?: string;
  /** The same of single devices. */
  readonly deviceLocations?: readonly DeviceLocation[];
}

export interface DeviceLocation {
  /** In lower case: its instance (RFC 5626 4.1), "urn:uuid:…", or the twelve hexadecimal digits of its hardware address. */
  readonly device: string;
  readonly location: string;
}

/** What it says of devices holds for those of users who say nothing else. */
export interface RegistrarConfiguration extends DeviceSettings {
  /** Domains of addresses of record; any that is ours unless given. */
  readonly domains: readonly string[];
  readonly realm: string;
  /** In order of preference, each asked for (RFC 8760). Absent: MD5, since many a phone gives up at the sight of another. */
  readonly algorithms?: readonly ('MD5' | 'SHA-256' | 'SHA-512-256')[];
  /** Ms. */
  readonly expires: { readonly min: number; readonly max: number };
}

/** When a route holds. */
export interface TimeWindow {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes of the day, `to` not included; before `from` when it is past midnight. */
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly zone: string;
}

/** What is said of calls for help: for everywhere, for a country, for a site. The narrowest that says something counts for it. */
export interface EmergencyScope {
  /** Empty: nothing is said. */
  readonly numbers?: readonly EmergencyNumber[];
  /** What may be called to see what would become of a call for help from there: nobody is called. */
  readonly tests?: readonly string[];
  /** Trunks or groups in order, before those that are for more: primary, secondary, local gateway. */
  readonly to?: readonly string[];
  /** The number of people who ask where the caller is, for a call whose place is not known (ECRC). */
  readonly relay?: string;
  /** They hear of it, and so do those who hear of more. */
  readonly notify?: readonly Notify[];
  /** Who hears of more does not hear of it. */
  readonly notifyAlone?: boolean;
}

/** Help: what holds everywhere, and what else. */
export interface Emergency extends EmergencyScope {
  readonly numbers: readonly EmergencyNumber[];
  readonly to: readonly string[];
  readonly notify: readonly Notify[];
  /** By code of ISO 3166-1. */
  readonly countries?: Readonly<Record<string, EmergencyScope>>;
  readonly sites: Readonly<Record<string, EmergencyScope>>;
  readonly locations: readonly Location[];
  /** Where places are asked for that calls tell by reference; nowhere unless given. */
  readonly dereference?: Dereference;
  /** Ms in which a call back to an ELIN finds who called. */
  readonly callback: number;
}

/** RFC 6753. */
export interface Dereference {
  /** Lower case, with the port where it is not the usual one: no other is asked, whatever calls say. */
  readonly hosts: readonly string[];
  /** Ms that a call waits for it at most. */
  readonly timeout: number;
  /** Roots by which they are believed: paths of PEM files, the system's beside or without them. The system's alone unless given. */
  readonly trust?: { readonly system: boolean; readonly files: readonly string[] };
}

export interface EmergencyNumber {
  /** E.164 or short, as trunks get it whatever was dialled. */
  readonly number: string;
  /** What else is dialled for it. */
  readonly masks: readonly string[];
  /** Services that it stands for, as RFC 5031 names them: "sos.police". The first number stands for all that no other names. */
  readonly services?: readonly string[];
}

/** A dispatchable place: civic address fields by RFC 5139 name ("country", "A1", "A3", "RD", "HNO", "FLR", "ROOM", …). */
export interface Location {
  readonly name: string;
  readonly civic: Readonly<Record<string, string>>;
  /** Emergency location identification numbers: callers here are known by them. */
  readonly elins: readonly string[];
}

export type Notify =
  | { readonly kind: 'message'; readonly to: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret?: Sensitive<string> }
  | MailNotify;

/** By SMTP. */
export interface MailNotify {
  readonly kind: 'mail';
  readonly to: string;
  readonly from: string;
  readonly server: HostPort;
  /** `offered`, unless given: where the server can (STARTTLS); `direct`: from the first octet on. */
  readonly tls?: 'offered' | 'required' | 'direct' | 'off';
  /** By whose roots its certificate is believed; the system's unless given. */
  readonly trust?: { readonly system: boolean; readonly files: readonly string[] };
  readonly login?: { readonly user: string; readonly password: Sensitive<string> };
}

/** A call that is looked at whenever the configuration is: who calls what, and what must come of it. */
export interface SampleCall {
  readonly name: string;
  /** A trunk or a user. */
  readonly from: string;
  /** The calling number, where `from` is a trunk. */
  readonly caller?: string;
  readonly to: string;
  /** Wall time; any time of a day that the routes do not tell apart unless given. */
  readonly at?: number;
  readonly expect: {
    readonly number?: string;
    readonly route?: string;
    /** Trunks in order. */
    readonly trunks?: readonly string[];
    readonly user?: string;
    readonly refused?: number;
  };
}

/** What the file says of a trunk, and where: `trunk`, `site tokyo`, or `trunk-defaults`. */
export interface Setting {
  /** "srtp.mode", as the file has it. */
  readonly key: string;
  readonly value: string;
  readonly from: string;
}

/** A process of ours, on a machine of its own: the configuration is that of all of them, and each uses its part. */
export interface Node {
  readonly name: string;
  readonly site?: string;
  /** Names of its listeners. */
  readonly listeners: readonly string[];
  /** Id of the one of them that other nodes speak to, and that it speaks to them by. */
  readonly link: string;
  /** Where its RTP goes; as for all unless given. */
  readonly media?: Readonly<Record<'internal' | 'external', { readonly bind: string; readonly advertise: string }>>;
  readonly records?: string;
  /** Where its API is; as for all unless given. */
  readonly management?: Partial<Pick<ManagementConfiguration, 'listen' | 'url'>>;
  /** Ms between questions of the others whether it lives, and that it has for an answer; 2 s unless given. */
  readonly heartbeat?: number;
  /** The name that its certificate bears, where its link is of TLS: nobody without it is this node. */
  readonly certificateName?: string;
  /** Roots by which the others know it there; the system's unless given. */
  readonly trust?: { readonly system: boolean; readonly files: readonly string[] };
}

/** Nodes that are the same to everybody: each has every trunk that one of them has, and carries what another can't. */
export interface Pool {
  readonly name: string;
  readonly nodes: readonly string[];
  /** The pool, or node, that registers its users when all of it is gone; at a branch that of its centre unless given. */
  readonly backup?: string;
  /** Ms that it must be gone for; 300 s, at a branch 10 s, unless given. */
  readonly takeover?: number;
}

/** What a trunk is in the organisation. */
export interface TrunkPlace {
  /** Where trunks have defaults in common: what is said of this one, to be shown. */
  readonly settings?: readonly Setting[];
  readonly description?: string;
  /** Where it ends. */
  readonly site?: string;
  /** Names of our listeners that it is joined to; those of its side unless given. */
  readonly listeners?: readonly string[];
  /** How numbers that come from it are read. */
  readonly dialPlan?: string;
  /** What may be called by what comes from it; routes without usages unless given. */
  readonly usages?: readonly string[];
  /** How numbers are written to it, and who calls. */
  readonly numbers?: { readonly called: readonly NumberRule[]; readonly calling: readonly NumberRule[] };
  /** Only who is at its site may use it, and is reached by it. */
  readonly localOnly?: boolean;
  /** Locations go along with emergency calls: as PIDF-LO or by reference, as PIDF-LO alone, or as a number of the place. Absent: none does. */
  readonly emergency?: 'location' | 'location-value' | 'elin';
  /** What a minute costs by prefix, in order of nothing: the longest prefix counts. */
  readonly rates?: readonly { readonly prefix: string; readonly price: number }[];
  /** Of a user's own: what his devices say of where they are is believed. */
  readonly believesPlace?: boolean;
  /** Its provider is a mobile carrier: who talks by it is in a call. */
  readonly mobile?: boolean;
}
