import { beforeEach, expect, test, vi } from 'vitest';
import { Poster } from './post.ts';

/** Where names lead, here. */
const names = new Map<string, readonly string[]>();
vi.mock('node:dns', () => ({
  lookup: (
    name: string,
    _options: object,
    done: (error: Error | null, found?: { address: string; family: number }[]) => void,
  ) => {
    const found = names.get(name);
    if (found)
      done(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    else done(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }));
  },
}));

const poster = new Poster();
const post = (url: string) =>
  poster.post({ url, headers: {}, body: '{}', patience: 1_000, signal: new AbortController().signal });

beforeEach(() => names.clear());

test.each([
  ['a machine of a cloud gives away its keys', ['169.254.169.254']],
  ['the same by another name of the address', ['::ffff:169.254.169.254']],
  ['both', ['169.254.169.254', 'fd00:ec2::254']],
])('a name that leads to where %s is not followed', async (_, addresses) => {
  names.set('hooks.example.com', addresses);
  expect(await post('https://hooks.example.com/')).toEqual({
    error: `hooks.example.com leads to ${addresses.join(', ')}, where nothing is sent`,
  });
});

test('a name that leads to this machine is not, and localhost that leads elsewhere neither', async () => {
  names.set('hooks.example.com', ['127.0.0.1']);
  expect((await post('https://hooks.example.com/')).error).toBe(
    'hooks.example.com leads to 127.0.0.1, where nothing is sent: this machine is meant only by 127.0.0.1, ::1 or localhost',
  );
  names.set('localhost', ['203.0.113.9']);
  expect((await post('http://localhost/')).error).toBe('localhost leads to 203.0.113.9, where nothing is sent');
});

test('a name that nobody knows is said to be one', async () => {
  expect(await post('https://nowhere.example/')).toEqual({
    error: 'nowhere.example: there is no host of this name',
  });
});
