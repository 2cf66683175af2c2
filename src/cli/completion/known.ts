import { answered, openRemote, type Remote, type RemoteOptions } from '../rest/remote.ts';
import type { Candidate, Known } from './candidates.ts';

/** Ms that somebody who pressed Tab waits for names. */
const patience = 250;
const most = 100;

/** Names that the running program knows; none where there is no program, or it takes too long. */
export async function namesOf(known: Known, before: readonly string[], start: string): Promise<readonly Candidate[]> {
  try {
    const remote = await openRemote({ ...placeIn(before), patience: 0 });
    const found = await asking[known](remote, AbortSignal.timeout(patience), start);
    return found.filter(({ word }) => word.startsWith(start)).slice(0, most);
  } catch {
    return []; // Who completes a word is not told of troubles.
  }
}

type Asking = (remote: Remote, signal: AbortSignal, start: string) => Promise<readonly Candidate[]>;

const asking: Readonly<Record<Known, Asking>> = {
  async trunks({ client }, signal) {
    const { items } = await answered(client.GET('/api/v1/trunks', { signal }));
    return items.map(({ name, state }) => ({ word: name, about: state }));
  },
  async calls({ client }, signal, start) {
    const query = { limit: most, ...(start !== '' && { text: start.slice(0, 100) }) } as never;
    const { items } = await answered(client.GET('/api/v1/calls', { params: { query }, signal }));
    return items.map(({ call, caller, called }) => ({ word: call, about: `${caller} -> ${called}` }));
  },
  async users({ client }, signal, start) {
    const query = { limit: most, ...(start !== '' && { text: start.slice(0, 100) }) };
    const { items } = await answered(client.GET('/api/v1/registered-users', { params: { query }, signal }));
    return items.map(({ user, inCall }) => ({ word: user, about: inCall ? 'in a call' : 'registered' }));
  },
  async accounts({ client }, signal) {
    const { items } = await answered(client.GET('/api/v1/accounts', { signal }));
    return items.map(({ name, role }) => ({ word: name, about: role }));
  },
  async webhooks({ client }, signal) {
    const { items } = await answered(client.GET('/api/v1/webhooks', { signal }));
    return items.map(({ name, url }) => ({ word: name, about: url }));
  },
};

/** Which program the words so far are about. */
function placeIn(before: readonly string[]): RemoteOptions {
  const of = (flag: string) => {
    const at = before.lastIndexOf(flag);
    return at < 0 ? undefined : before[at + 1];
  };
  const [config, data, url, tokenFile] = ['--config', '--data', '--url', '--token-file'].map(of);
  return {
    ...(config !== undefined && { config }),
    ...(data !== undefined && { data }),
    ...(url !== undefined && { url }),
    ...(tokenFile !== undefined && { tokenFile }),
  };
}
