import { hostname } from 'node:os';
import type { ManagementConfiguration } from '#engine/ports';
import { formatHostPort } from '#kernel';
import { type Account, type ManagementStore, Passwords, type Session } from '#shell/management-store';
import { Delays, Familiar } from './delays.ts';
import { Oidc } from './oidc.ts';
import { lesser, type Principal } from './principal.ts';
import { sharedSites } from './sites.ts';

export interface AccessOptions {
  readonly store: ManagementStore;
  /** What the configuration says of it now; undefined: nobody comes by TCP. */
  readonly configuration: () => ManagementConfiguration | undefined;
  /** Unix ms. */
  readonly wall: () => number;
  /** Those of the usual cost unless given. */
  readonly passwords?: Passwords;
}

/** An invitation as it is given on. */
export interface Invitation {
  /** Undefined: nobody can come by TCP; the secret serves at the API all the same. */
  readonly url: string | undefined;
  readonly secret: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

const hour = 3_600_000;
/** Where the configuration has no section and a session is there nevertheless. */
const usual = { idle: 30 * 60_000, lifetime: 12 * hour };

/** Who may come in: accounts, sessions and tokens, by the rules of the configuration. */
export class Access {
  readonly store: ManagementStore;
  readonly passwords: Passwords;
  readonly oidc: Oidc;
  readonly configuration: AccessOptions['configuration'];
  readonly wall: () => number;
  /** Of one account from one source; of one source; of one account from anywhere, which a stranger can cause and is short therefore. */
  readonly delays = {
    pair: new Delays({ free: 5, longest: 15 * 60_000 }),
    source: new Delays({ free: 20, longest: 15 * 60_000 }),
    account: new Delays({ free: 30, longest: 60_000 }),
  };
  /** From where whom we know: he does not wait for what strangers do in his name. */
  readonly familiar = new Familiar();
  /** Secrets of one-time passwords that are not confirmed yet, by account. */
  readonly offeredTotp = new Map<number, string>();

  constructor({ store, configuration, wall, passwords = new Passwords() }: AccessOptions) {
    this.store = store;
    this.configuration = configuration;
    this.wall = wall;
    this.passwords = passwords;
    this.oidc = new Oidc(configuration, wall);
  }

  /** Whose session it is, while it holds. `isUse`: it is to be kept from ending by idleness. */
  bySession(secret: string, isUse: boolean): Principal | undefined {
    const now = this.wall();
    const { sessions, accounts } = this.store;
    const session = sessions.find(secret);
    if (!session) return undefined;
    const account = accounts.byId(session.account);
    if (!account || !this.#mayCome(account) || this.#hasEnded(session, now)) {
      sessions.end(session.id);
      return undefined;
    }
    if (isUse) sessions.note(session, now, Math.min(60_000, this.#lifetimes.idle / 10));
    return { ...principalOf(account), session: session.id };
  }

  /** Whose token it is, while it holds: he can do with it what he may do himself, and no more. */
  byToken(secret: string, source: string): Principal | undefined {
    const now = this.wall();
    const { tokens, accounts } = this.store;
    const token = tokens.find(secret);
    if (!token || now >= token.expiresAt) return undefined;
    const account = token.account === undefined ? undefined : accounts.byId(token.account);
    if (token.account !== undefined && !(account && this.#mayCome(account))) return undefined;
    tokens.note(token, now, source);
    const sites = account ? sharedSites(token.sites, account.sites) : token.sites;
    return {
      name: `${account?.name ?? 'local'}/${token.name}`,
      role: account ? lesser(token.role, account.role) : token.role,
      ...(sites && { sites }),
      via: 'token',
      ...(account && { account: account.id }),
    };
  }

  /** A link by which an account gets its password; `undefined`: by which the first administrator gets his. */
  invite(account: number | undefined): Invitation {
    const expiresAt = this.wall() + hour;
    const secret = this.store.invitations.create(account, expiresAt);
    const { url } = this;
    // Behind the # it is sent to no server, and so stands in no log.
    return { url: url && `${url}/invitation#${secret}`, secret, expiresAt };
  }

  /** He signs in by his password alone from now on. */
  endTotp(account: number): void {
    this.store.atOnce(() => {
      this.store.accounts.change(account, { totp: undefined });
      this.store.recoveryCodes.remove(account);
    });
  }

  /** What a browser calls us. */
  get url(): string | undefined {
    const management = this.configuration();
    if (!management) return undefined;
    const { url, tls, listen } = management;
    if (url !== undefined) return url;
    const isWildcard = listen.host === '0.0.0.0' || listen.host === '::';
    const place = isWildcard ? `${hostname()}:${listen.port}` : formatHostPort(listen);
    return `${tls ? 'https' : 'http'}://${place}`;
  }

  /** Forgets what has ended. */
  purge(): void {
    const now = this.wall();
    const { idle, lifetime } = this.#lifetimes;
    this.store.sessions.purge(now - idle, now - lifetime);
    this.store.tokens.purge(now);
  }

  get #lifetimes(): ManagementConfiguration['sessions'] {
    return this.configuration()?.sessions ?? usual;
  }

  /** Whoever is known by a provider alone is not, once the configuration does not name it any more. */
  #mayCome({ disabled, subject }: Account): boolean {
    return !disabled && (subject === undefined || this.oidc.knows(subject));
  }

  #hasEnded({ seenAt, createdAt }: Session, now: number): boolean {
    const { idle, lifetime } = this.#lifetimes;
    return now - seenAt > idle || now - createdAt > lifetime;
  }
}

/** Who it is that signed in. */
function principalOf({ id, name, role, sites }: Account): Principal {
  return { name, role, ...(sites && { sites }), via: 'session', account: id };
}
