import { beforeEach, describe, expect, test } from 'vitest';
import { ManagementStore } from '#shell/management-store';
import { type Posted, type Posting, queueLimits, WebhookQueue } from '#shell/webhook';
import type { AnyHappening } from './happening.ts';
import { senderLimits, type WebhookSender } from './sender.ts';
import { senderOf } from './webhooks.testing.ts';

/** Who is told, when, and for how long it is tried; with a clock of its own, and receivers that answer when they are told to. */
const start = 1_700_000_000_000;
const minute = 60_000;
const hour = 60 * minute;

let now: number;
let store: ManagementStore;
let queue: WebhookQueue;
let sender: WebhookSender;
let posted: (Posting & { readonly done: (outcome: Posted) => void })[];
let logged: string[];

beforeEach(() => {
  now = start;
  store = ManagementStore.open();
  queue = WebhookQueue.open();
  posted = [];
  logged = [];
  sender = made();
});

function made(): WebhookSender {
  return senderOf(store, {
    queue,
    wall: () => now,
    log: (_, event) => void logged.push(event),
    post: (posting) => new Promise((done) => posted.push({ ...posting, done })),
  });
}

function hook(name: string, more: Partial<Parameters<ManagementStore['webhooks']['create']>[0]> = {}) {
  const url = `https://${name}.example/`;
  const all = { sites: undefined, trunks: undefined, ca: undefined, enabled: true, events: ['source.banned'] };
  const webhook = store.webhooks.create({ name, url, ...all, ...more }, now)!;
  sender.changed();
  return webhook;
}

const banned = (subject: string, more: Partial<AnyHappening> = {}): AnyHappening =>
  ({ type: 'source.banned', at: now, text: 't', subject, data: { sources: [], count: 0 }, ...more }) as AnyHappening;
const down = (trunk: string, sites: string[] = []): AnyHappening => ({
  type: 'trunk.down',
  at: now,
  text: 't',
  subject: `trunk ${trunk}`,
  data: { trunk, state: 'down', because: '' },
  trunks: [trunk],
  sites,
});

/** What was posted since, and answers it. */
async function answer(outcome: Posted = { status: 204 }): Promise<string[]> {
  const some = posted;
  posted = [];
  for (const one of some) one.done(outcome);
  await new Promise<void>((done) => setImmediate(done));
  return some.map(({ url }) => new URL(url).hostname.split('.')[0]!);
}
/** Time passes, in steps as long as a look takes to come. */
async function pass(ms: number, outcome: Posted): Promise<number> {
  let count = 0;
  for (const until = now + ms; now < until; ) {
    now += Math.min(minute, until - now);
    sender.turn();
    count += (await answer(outcome)).length;
  }
  return count;
}
const stateOf = (id: string) => queue.list(id, 1)[0]!.state;

describe('who is told', () => {
  test('is who wants it, of his trunks and sites, and from when on he is enabled', async () => {
    hook('all', { events: ['trunk.down', 'source.banned'] });
    hook('bans');
    hook('itsp', { events: ['trunk.down'], trunks: ['itsp'] });
    hook('berlin', { events: ['trunk.down', 'source.banned'], sites: ['berlin'] });
    hook('off', { events: ['trunk.down'], enabled: false });
    sender.tell([down('itsp')]);
    expect(await answer()).toEqual(['all', 'itsp']);
    sender.tell([down('other', ['berlin'])]);
    expect((await answer()).toSorted()).toEqual(['all', 'berlin']);
    // What is of no trunk and site is told to who is told of all.
    sender.tell([banned('b')]);
    expect((await answer()).toSorted()).toEqual(['all', 'bans']);
    sender.tell([{ ...down('itsp'), at: now - 1 }]);
    expect(await answer()).toEqual([]);
    expect(sender.wants('trunk.down', 'call.ended')).toBe(true);
    expect(sender.wants('call.ended')).toBe(false);
  });

  test('what is noticed twice is told once; all are told with the same id', async () => {
    hook('a');
    hook('b');
    sender.tell([banned('x', { key: '1' })]);
    sender.tell([banned('x', { key: '1' })]);
    expect(new Set(posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await answer()).toHaveLength(2);
    sender.tell([banned('x', { key: '2' })]);
    expect(await answer()).toHaveLength(2);
  });

  test('while a secret is being replaced there are two signatures', async () => {
    const { id } = hook('a');
    store.webhooks.rotate(id, now + hour, now);
    sender.changed();
    const signaturesNow = () => {
      sender.tell([banned('x')]);
      return posted.at(-1)!.headers['webhook-signature']!.split(' ').length;
    };
    expect(signaturesNow()).toBe(2);
    await answer();
    now += hour;
    expect(signaturesNow()).toBe(1);
  });
});

describe('what is not taken', () => {
  test('is tried again, later and later, for a day', async () => {
    const { id } = hook('a');
    sender.tell([banned('x')]);
    await answer({ status: 500, error: 'it answers 500' });
    now += 4_999;
    sender.turn();
    expect(posted).toHaveLength(0);
    now += 1;
    sender.turn();
    expect(posted).toHaveLength(1);
    expect(posted[0]!.headers['webhook-timestamp']).toBe(String(Math.floor(now / 1000)));
    await answer({ error: 'it takes no connection' });
    const more = await pass(26 * hour, { error: 'it takes no connection' });
    expect(more).toBeGreaterThan(20);
    expect(more).toBeLessThan(50);
    expect(stateOf(id)).toBe('failed');
    expect(sender.countsOf(id)).toMatchObject({
      messages: { taken: 0, failed: 1 },
      tries: { refused: 1, unreachable: more + 1 },
    });
    // Once in a row of failures, and when it is over.
    expect(logged).toEqual(['webhook-failing']);
  });

  test('keeps no other; only who fails again and again is spared, and has all at once when he is back', async () => {
    hook('a');
    sender.tell(['1', '2', '3', '4', '5', '6'].map((subject) => banned(subject)));
    expect(posted).toHaveLength(senderLimits.each);
    const [first, ...rest] = posted;
    posted = rest;
    first!.done({ status: 500, error: 'it answers 500' });
    await answer();
    expect(await answer()).toHaveLength(2);
    // Now he fails at all.
    sender.tell(['7', '8', '9'].map((subject) => banned(subject)));
    await answer({ error: 'no' });
    await answer({ error: 'no' });
    await answer({ error: 'no' });
    expect(posted).toHaveLength(0);
    await pass(5 * hour, { error: 'no' });
    expect(queue.waiting(store.webhooks.list()[0]!.id).count).toBe(4);
    // One finds out that he is back; then the others come, whenever it had been their turn.
    while (posted.length === 0) {
      now += minute;
      sender.turn();
    }
    expect(posted).toHaveLength(1);
    await answer();
    expect(await answer()).toHaveLength(3);
    expect(logged.at(-1)).toBe('webhook-again');
  });

  test('comes when the receiver wants it', async () => {
    hook('a');
    sender.tell([banned('x')]);
    await answer({ status: 429, error: 'it answers 429', retryAfter: 20 * minute });
    expect(await pass(19 * minute, { status: 204 })).toBe(0);
    expect(await pass(2 * minute, { status: 204 })).toBe(1);
  });

  test('410 ends it, and so do three days without anything taken', async () => {
    const gone = hook('gone');
    sender.tell([banned('x')]);
    await answer({ status: 410, error: 'it answers 410' });
    expect(store.webhooks.get(gone.id)).toMatchObject({ enabled: false, endedBy: 'gone' });
    expect(stateOf(gone.id)).toBe('failed');
    const lost = hook('lost');
    for (let day = 0; day < 4; day++) {
      sender.tell([banned(`x${day}`)]);
      await pass(24 * hour, { error: 'it does not answer' });
      expect(store.webhooks.get(lost.id)!.enabled, `day ${day}`).toBe(day < 3);
    }
    expect(store.webhooks.get(lost.id)).toMatchObject({ endedBy: 'failing' });
    expect(logged.filter((event) => event === 'webhook-ended')).toHaveLength(2);
    // Enabled again it begins anew.
    store.webhooks.change(lost.id, { enabled: true }, now);
    sender.renewed(lost.id);
    sender.changed();
    sender.tell([banned('new')]);
    expect(await answer()).toEqual(['lost']);
    expect(store.webhooks.get(lost.id)!.endedBy).toBe(undefined);
  });
});

describe('what waits', () => {
  test('is bounded: the oldest goes, and it is said', async () => {
    const { id } = hook('a');
    const many = Array.from({ length: queueLimits.waiting + 20 }, (_, n) => banned(String(n)));
    for (let at = 0; at < many.length; at += 500) sender.tell(many.slice(at, at + 500));
    expect(posted).toHaveLength(senderLimits.each);
    expect(queue.waiting(id).count).toBe(queueLimits.waiting);
    expect(sender.healthOf(id)).toMatchObject({ dropped: 20, droppedAt: now });
    expect(logged).toEqual(['webhook-dropped']);
    expect(sender.countsOf(id).messages.dropped).toBe(20);
  });

  test('no more than some are under way, however many are told, and none of them comes first always', async () => {
    for (let n = 0; n < 8; n++) hook(`h${n}`);
    for (let n = 0; n < 20; n++) sender.tell([banned(String(n))]);
    expect(posted).toHaveLength(senderLimits.underWay);
    const seen = new Map<string, number>();
    for (let n = 0; n < 60 && posted.length > 0; n++)
      for (const name of await answer()) seen.set(name, (seen.get(name) ?? 0) + 1);
    expect([...seen.values()]).toEqual(Array(8).fill(20));
  });

  test('is sent by who comes after, also what was under way', async () => {
    hook('a');
    sender.tell([banned('x'), banned('y')]);
    const ids = posted.map(({ headers }) => headers['webhook-id']);
    sender.close();
    await answer({ error: 'we were ended meanwhile' });
    sender = made();
    sender.turn();
    expect(posted.map(({ headers }) => headers['webhook-id'])).toEqual(ids);
  });

  test('of a webhook that is removed is gone; of one that is disabled it stays', async () => {
    const { id } = hook('a');
    sender.tell([banned('x')]);
    await answer({ error: 'no' });
    store.webhooks.change(id, { enabled: false }, now);
    sender.changed();
    now += hour;
    sender.turn();
    expect(posted).toHaveLength(0);
    expect(queue.waiting(id).count).toBe(1);
    store.webhooks.remove(id);
    sender.changed();
    expect(queue.list(id, 10)).toEqual([]);
  });

  test('a queue that cannot be written is said once, and what was to be told may be told again', () => {
    hook('a');
    const put = queue.put.bind(queue);
    queue.put = () => {
      throw new Error('disk full');
    };
    expect(sender.tell([banned('x')])).toBe(false);
    expect(sender.tell([banned('x')])).toBe(false);
    expect(logged).toEqual(['webhook-queue-unwritable']);
    queue.put = put;
    expect(sender.tell([banned('x')])).toBe(true);
    expect(posted).toHaveLength(1);
  });
});

describe('a test', () => {
  test('goes at once, once, whatever waits and whether it is enabled', async () => {
    const webhook = hook('a', { enabled: false });
    const outcome = sender.test(webhook, 'ann');
    expect(JSON.parse(posted[0]!.body)).toMatchObject({ type: 'webhook.test', data: { by: 'ann' } });
    await answer({ status: 500, error: 'it answers 500' });
    expect(await outcome).toMatchObject({ state: 'failed', tries: 1, last: { status: 500, error: 'it answers 500' } });
    expect(await pass(hour, { status: 204 })).toBe(0);
  });

  test('one that is over is sent again with the same id', async () => {
    const webhook = hook('a');
    sender.tell([banned('x')]);
    const id = posted[0]!.headers['webhook-id'];
    await answer();
    const [over] = queue.list(webhook.id, 1);
    now += 48 * hour;
    expect(sender.again(webhook, over!.id)).toMatchObject({ state: 'waiting' });
    expect(posted[0]!.headers['webhook-id']).toBe(id);
    expect(() => sender.again(webhook, over!.id)).toThrow('It is being sent just now');
    await answer();
    expect(stateOf(webhook.id)).toBe('taken');
    expect(sender.again(webhook, 999)).toBe(undefined);
  });
});
