/** The places that a ladder has: sites, what joins them, where media is anchored, and what policies say (README.md). */
import type { Bandwidth, Configuration, Link, Site, VoiceFeature, VoicePolicy } from '#policy/configuration';

/** "audio=160 session=100 video=1000 video-session=600" and others. */
function keysOf(settings: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    settings.map((setting) => {
      const at = setting.indexOf('=');
      return at < 0 ? [setting, ''] : [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
}

function known(keys: ReadonlyMap<string, string>, all: readonly string[]): void {
  const unknown = [...keys.keys()].find((key) => !all.includes(key));
  if (unknown !== undefined) throw new Error(`"${unknown}" is none of ${all.join(', ')}`);
}

const bandwidthKeys = ['audio', 'session', 'video', 'video-session'];

function bandwidthOf(keys: ReadonlyMap<string, string>): { readonly bandwidth?: Bandwidth } {
  const audio = keys.get('audio');
  if (audio === undefined) return {};
  const video = Number(keys.get('video') ?? 0);
  return {
    bandwidth: {
      audio: Number(audio),
      audioSession: Number(keys.get('session') ?? 175),
      video,
      videoSession: Number(keys.get('video-session') ?? 700),
    },
  };
}

/** "bypassing always", "bypassing sites unmapped": which ends of calls are well connected. */
export function withBypass(configuration: Configuration, [by = '', unmapped]: readonly string[]): Configuration {
  if (by !== 'always' && by !== 'sites') throw new Error(`"${by}" is none of always, sites`);
  const bypass = { by, unmapped: unmapped === 'unmapped' } as const;
  return { ...configuration, media: { ...configuration.media, bypass } };
}

/** "site delhi at=10.0.1.1/32 wireless=10.0.1.128/25 region=one audio=160 local-policy=at-delhi calls=1 country=IN keeps-country" */
export function withSite(configuration: Configuration, [name = '', ...settings]: readonly string[]): Configuration {
  const keys = keysOf(settings);
  known(keys, [
    ...bandwidthKeys,
    'at',
    'wireless',
    'region',
    'local-policy',
    'calls',
    'calls-per-second',
    'country',
    'keeps-country',
  ]);
  const capacity = {
    ...(keys.has('calls') && { calls: Number(keys.get('calls')) }),
    ...(keys.has('calls-per-second') && { callsPerSecond: Number(keys.get('calls-per-second')) }),
  };
  const site: Site = {
    name,
    kind: 'central',
    region: keys.get('region') ?? 'one',
    subnets: [
      ...networksIn(keys.get('at')).map((network) => ({ network })),
      ...networksIn(keys.get('wireless')).map((network) => ({ network, mediaBypass: false as const })),
    ],
    resilient: false,
    survivability: 'none',
    ...bandwidthOf(keys),
    ...(Object.keys(capacity).length > 0 && { capacity }),
    ...(keys.has('local-policy') && { localPolicy: keys.get('local-policy')! }),
    ...(keys.has('country') && { country: keys.get('country')! }),
    ...(keys.has('keeps-country') && { localTermination: true }),
  };
  return { ...configuration, sites: [...(configuration.sites ?? []), site] };
}

function networksIn(text = ''): readonly { readonly host: string; readonly bits: number }[] {
  return text.split('+').flatMap((one) => {
    const [host = '', bits = ''] = one.split('/');
    return host === '' ? [] : [{ host, bits: Number(bits) }];
  });
}

/** "link delhi+carrier audio=160" */
export function withLink(configuration: Configuration, [names = '', ...settings]: readonly string[]): Configuration {
  const keys = keysOf(settings);
  known(keys, bandwidthKeys);
  const [one = '', other = ''] = names.split('+');
  const link: Link = { between: [one, other], ...bandwidthOf(keys) };
  return { ...configuration, siteLinks: [...(configuration.siteLinks ?? []), link] };
}

const usual: Record<VoiceFeature, boolean> = {
  forwarding: true,
  transfer: true,
  'simultaneous-ring': true,
  'pstn-reroute': true,
  'bandwidth-override': false,
  'toll-bypass': true,
};

/** "policy bound usages=a+b no=toll-bypass yes=bandwidth-override" */
export function withPolicy(configuration: Configuration, [name = '', ...settings]: readonly string[]): Configuration {
  const keys = keysOf(settings);
  known(keys, ['usages', 'no', 'yes']);
  const features = { ...usual };
  for (const [key, is] of [
    ['no', false],
    ['yes', true],
  ] as const) {
    for (const feature of keys.get(key)?.split('+') ?? []) {
      if (!(feature in features)) throw new Error(`"${feature}" is no feature`);
      features[feature as VoiceFeature] = is;
    }
  }
  const policy: VoicePolicy = { name, usages: keys.get('usages')?.split('+') ?? [], features };
  return { ...configuration, policies: [...(configuration.policies ?? []), policy] };
}

/** "way far abroad itsp2": a route for who has that usage; "-": for who has none. */
export function withWay(
  configuration: Configuration,
  [name = '', usage = '', ...to]: readonly string[],
): Configuration {
  const usages = usage === '-' ? {} : { usages: [usage] };
  return { ...configuration, routes: [...configuration.routes, { name, from: [], ...usages, to }] };
}
