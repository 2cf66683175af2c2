import type { Configuration, ManagementConfiguration } from '#engine/ports';
import { ManagementStore, Passwords } from '#shell/management-store';
import { apiOf } from '../api.testing.ts';
import { Mirror } from '../live/mirror.ts';
import { Access } from './access.ts';
import { remoteUser } from './identify.ts';

const minute = 60_000;
export const hour = 60 * minute;
export const password = 'correct horse battery';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at.
  readonly body: any;
  readonly headers: Record<string, string | string[] | number | undefined>;
  /** Of the cookie `tandem`, as it was set. */
  readonly cookie: string | undefined;
}

/** An API as one comes to it by TCP, with a clock that the test turns. */
export async function remoteApi(options: { management?: Partial<ManagementConfiguration> } = {}) {
  const clock = { now: Date.UTC(2026, 10, 23, 12) };
  const wall = () => clock.now;
  const store = ManagementStore.open();
  /** How many hashes were made. */
  const passwords = new CountedPasswords({ memory: 8, passes: 1, parallelism: 1 });
  const state: { management: ManagementConfiguration } = {
    management: {
      listen: { host: '127.0.0.1', port: 8080 },
      sessions: { idle: 30 * minute, lifetime: 12 * hour },
      tokens: { lifetime: 1_000 * hour },
      ...options.management,
    },
  };
  const access = new Access({ store, configuration: () => state.management, wall, passwords });
  const live = new Mirror(wall, () => true);
  for (const trunk of ['itsp', 'berlin']) (live.trunks as Map<string, object>).set(trunk, { trunk });
  const { app, faults } = await apiOf(
    {
      wall,
      access,
      answers: { probe: () => ({ at: 5 }), register: () => ({ at: 5 }) },
      configuration: () =>
        ({
          trunks: [{ name: 'itsp' }, { name: 'berlin', site: 'berlin' }],
          listeners: [],
          sites: [{ name: 'berlin' }, { name: 'rome' }],
        }) as unknown as Configuration,
      live,
    },
    remoteUser(access),
  );

  /** One request; `cookie`, `token`: who asks. A page of ours has a browser ask unless other header fields are given. */
  const ask = async (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    more: { body?: object; cookie?: string; token?: string; headers?: Record<string, string>; from?: string } = {},
  ): Promise<Answer> => {
    const { body, cookie, token, from, headers = { 'sec-fetch-site': 'same-origin', 'if-match': '*' } } = more;
    const answer = await app.inject({
      method,
      url: `/api/v1${url}`,
      ...(body && { payload: body }),
      ...(from !== undefined && { remoteAddress: from }),
      headers: {
        ...headers,
        ...(cookie !== undefined && { cookie: `tandem=${cookie}` }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    const set = answer.cookies.find(({ name }) => name === 'tandem');
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      body: isJson ? answer.json() : answer.body,
      headers: answer.headers,
      cookie: set?.value,
    };
  };
  const account = async (
    name: string,
    role: 'viewer' | 'operator' | 'administrator' = 'administrator',
    sites?: readonly string[],
  ) => store.accounts.create({ name, role, sites, createdAt: wall(), password: await passwords.hash(password) })!;
  const signIn = async (name: string, more: { code?: string; from?: string; cookie?: string } = {}) => {
    const { code, ...rest } = more;
    return ask('POST', '/session', { body: { name, password, ...(code !== undefined && { code }) }, ...rest });
  };
  /** His cookie. */
  const signedIn = async (name: string) => (await signIn(name)).cookie!;
  return { app, access, store, passwords, clock, state, faults, ask, account, signIn, signedIn };
}

class CountedPasswords extends Passwords {
  verified = 0;

  override verify(...asked: Parameters<Passwords['verify']>): Promise<boolean> {
    this.verified++;
    return super.verify(...asked);
  }
}
