import { beforeEach, expect, test, vi } from 'vitest';
import { Poster } from './post.ts';

/** Where names lead, here. */
const names = new Map<string, readonly string[]>();
/** Of names about which nobody says anything yet. */
const slow: (() => void)[] = [];
vi.mock('node:dns', () => ({
  lookup: (
    name: string,
    _options: object,
    done: (error: Error | null, found?: { address: string; family: number }[]) => void,
  ) => {
    if (name.startsWith('slow')) {
      slow.push(() => done(Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' })));
      return;
    }
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
  poster.post({ url, headers: {}, body: '{}', patience: 100, signal: new AbortController().signal });

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

test('a DNS that does not answer takes few threads, and keeps nobody for longer than its time', async () => {
  names.set('hooks.example.com', ['169.254.169.254']);
  const some = Array.from({ length: 6 }, (_, n) => post(`https://slow${n}.example/`));
  const other = post('https://hooks.example.com/');
  await new Promise((done) => setImmediate(done));
  expect(slow).toHaveLength(2);
  expect(await Promise.all(some)).toEqual(Array(6).fill({ error: 'no answer within 0.1 s' }));
  expect(await other).toEqual({ error: 'no answer within 0.1 s' });
  while (slow.length > 0) slow.shift()!();
  expect((await post('https://hooks.example.com/')).error).toContain('where nothing is sent');
});
