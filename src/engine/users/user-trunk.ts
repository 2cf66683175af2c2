import type { DeviceSettings, DigestAlgorithm, RegistrarConfiguration, Side, Trunk, User } from '#policy/configuration';

/** Ms that a device of a user has to say more than 100, and to ring where nobody said how long. */
const setupTimeout = 10_000;
const ringTimeout = 180_000;

/** Subscriptions of one user, to and from him: a panel of lamps has a hundred (docs/limits.md). */
const subscriptions = 200;

export const usualAlgorithms: readonly DigestAlgorithm[] = ['MD5'];

/**
 * A user as calls see it: a trunk of its own, on the side that its device registered from. Its devices are not believed in who
 * calls: the user's own number is known.
 */
export function trunkOfUser(user: User, side: Side, registrar: RegistrarConfiguration): Trunk {
  const {
    domains: [domain],
    realm,
    algorithms = usualAlgorithms,
  } = registrar;
  const { name, site, password, dialPlan, forward } = user;
  return {
    name,
    user,
    kind: 'ip-pbx',
    side,
    transport: 'udp',
    addresses: [],
    ...(domain === undefined ? {} : { domain }),
    ...(site === undefined ? {} : { site }),
    ...(dialPlan === undefined ? {} : { dialPlan }),
    ...(password && {
      authenticate: { realm, username: name, password, algorithms },
    }),
    callerIdentity: { trusted: false, header: 'p-asserted-identity', history: 'history-info', privacy: 'header' },
    // What a phone is told to do with its calls is its user's will: where it leads, our routes say.
    transfer: { redirect: 'local', refer: 'local' },
    ...settingsOf(user, registrar),
    capacity: { subscriptions, ...user.capacity },
    setupTimeout,
    ringTimeout: forward?.noAnswer?.after ?? ringTimeout,
  };
}

/** What we tell of others ourselves. */
const watching = ['SUBSCRIBE/dialog', 'SUBSCRIBE/presence'];

function settingsOf(own: DeviceSettings, all: DeviceSettings): Partial<Trunk> {
  const { srtp = 'off', dtmf, dscp, passes = [], believesPlace, quality } = { ...all, ...own };
  return {
    ...(srtp !== 'off' && { srtp }),
    ...(dtmf && { dtmf }),
    ...(dscp && { dscp }),
    ...(believesPlace && { believesPlace }),
    ...(quality && { quality }),
    passes: [...passes, ...watching],
  };
}

/** Those of its devices that are registered here: another node has them ring, and knows where his calls go else. */
export function hereOnly({ user, ...trunk }: Trunk): Trunk {
  const { forward: _, ...plain } = user!;
  return { ...trunk, user: plain, here: true, ringTimeout };
}
