import { answered, openRemote, type RemoteOptions } from '../rest/remote.ts';
import type { Candidate, Known } from './candidates.ts';

/** Ms that somebody who pressed Tab waits. */
const patience = 1_500;
const most = 100;

/** Names that the running program knows; none where there is no program, or it takes too long. */
export async function namesOf(known: Known, before: readonly string[], start: string): Promise<readonly Candidate[]> {
  try {
    const { client } = await openRemote(placeIn(before));
    const signal = AbortSignal.timeout(patience);
    if (known === 'trunks') {
      const { items } = await answered(client.GET('/api/v1/trunks', { signal }));
      return items
        .filter(({ name }) => name.startsWith(start))
        .map(({ name, state }) => ({ word: name, about: state }));
    }
    const query = { limit: most, ...(start !== '' && { text: start.slice(0, 100) }) } as never;
    const { items } = await answered(client.GET('/api/v1/calls', { params: { query }, signal }));
    return items
      .filter(({ call }) => call.startsWith(start))
      .map(({ call, caller, called }) => ({ word: call, about: `${caller} -> ${called}` }));
  } catch {
    return []; // Who completes a word is not told of troubles.
  }
}

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
