/** The users that a ladder has: "user ann password=secret line=+493010;ext=17 devices=2 busy=+493099" (README.md). */
import { Sensitive } from '#kernel';
import type { Configuration, RegistrarConfiguration, Route, User } from '#policy/configuration';
import { duration } from './notation.ts';
import { usualSrtp } from './trunk-settings.ts';

/** The domain of addresses of record, and the realm that users prove themselves in. */
export const usersDomain = 'tandem.example';

const registrar: RegistrarConfiguration = {
  domains: [usersDomain],
  realm: usersDomain,
  expires: { min: 60_000, max: 3_600_000 },
  passes: ['MESSAGE', 'SUBSCRIBE/message-summary', 'NOTIFY/message-summary'],
};

/** Users call out by the ITSP. */
const people: Route = { name: 'people', from: [], called: { prefixes: ['+', '0'] }, to: ['itsp'] };

type Forward = NonNullable<User['forward']>;
const forwarded = (old: User, forward: Forward): User => ({ ...old, forward: { ...old.forward, ...forward } });

const settings: Readonly<Record<string, (old: User, value: string) => User>> = {
  password: (old, value) => ({ ...old, password: new Sensitive(value) }),
  name: (old, value) => ({ ...old, display: value }),
  line: (old, value) => ({ ...old, line: value }),
  number: (old, value) => ({ ...old, numbers: [...old.numbers, value] }),
  devices: (old, value) => ({ ...old, devices: Number(value) }),
  policy: (old, value) => ({ ...old, policy: value }),
  site: (old, value) => ({ ...old, site: value }),
  location: (old, value) => ({ ...old, location: value }),
  'device-at': (old, value) => {
    const [device = '', location = ''] = value.split('/');
    return { ...old, deviceLocations: [...(old.deviceLocations ?? []), { device, location }] };
  },
  'believe-location': (old) => ({ ...old, believesPlace: true }),
  calls: (old, value) => ({ ...old, capacity: { calls: Number(value) } }),
  srtp: (old, value) => ({ ...old, srtp: value === 'off' ? value : srtpOf(value) }),
  dtmf: (old, value) => ({ ...old, dtmf: value as NonNullable<User['dtmf']> }),
  dscp: (old, value) => ({ ...old, dscp: { signalling: Number(value), media: Number(value) } }),
  passes: (old, value) => ({ ...old, passes: value.split('+') }),
  reports: (old) => ({ ...old, quality: { reports: true } }),
  watchers: (old, value) => ({ ...old, watchers: value === 'users' || value === 'nobody' ? value : value.split('+') }),
  hidden: (old) => ({ ...old, hidden: true }),
  'no-media-bypass': (old) => ({ ...old, mediaBypass: false }),
  always: (old, value) => forwarded(old, { always: value }),
  busy: (old, value) => forwarded(old, { busy: value }),
  unregistered: (old, value) => forwarded(old, { unregistered: value }),
  together: (old, value) => forwarded(old, { together: value }),
  'no-answer': (old, value) => {
    const [to = '', after = '20s'] = value.split('/');
    return forwarded(old, { noAnswer: { to, after: duration(after)! } });
  },
};

/** "optional", "required", "optional/hidden": keys go by TLS only. */
function srtpOf(value: string): NonNullable<User['srtp']> {
  const [mode, hidden] = value.split('/');
  return { ...usualSrtp, mode: mode as 'required' | 'optional', keysInClear: hidden === undefined };
}

export function withUser(configuration: Configuration, [name = '', ...changes]: readonly string[]): Configuration {
  const { users = [] } = configuration;
  const known = users.find((user) => user.name === name);
  const old: User = known ?? { name, numbers: [], devices: 5, hidden: false, password: new Sensitive('secret') };
  const user = changes.reduce((made, change) => {
    const at = change.indexOf('=');
    const setting = settings[at < 0 ? change : change.slice(0, at)];
    if (!setting) throw new Error(`"${change}" is no setting of a user: ${Object.keys(settings).join(', ')}`);
    return setting(made, at < 0 ? '' : change.slice(at + 1));
  }, old);
  const routes = [...configuration.routes.filter((route) => route !== people), people];
  return { ...configuration, routes, registrar, users: [...users.filter((one) => one !== known), user] };
}
