import { expect, test } from 'vitest';
import type { User } from '#engine/ports';
import { listed, type UserView, userTable } from './user-list.ts';

const plain = (_format: unknown, text: string) => text;
const shown = (users: readonly User[], views?: readonly UserView[]) =>
  userTable(listed(users, views, true), views !== undefined, 200, plain).split('\n');

const ann: User = {
  name: 'ann',
  display: 'Ann',
  line: '+493010;ext=17',
  numbers: [],
  devices: 5,
  hidden: false,
  site: 'hq',
};
const bob: User = { name: 'bob', numbers: [], devices: 1, hidden: false };
const view: UserView = {
  user: 'ann',
  devices: [
    {
      contact: 'sip:ann@h\u001b[31m',
      at: 'udp 10.0.1.1:5060',
      expires: '2026-01-01T01:00:00.000Z',
      userAgent: 'phone',
      q: 0.5,
    },
  ],
  calls: 2,
  inCall: true,
};

test('a row for each user, a line for each device, and nothing of a device that moves the cursor', () => {
  const lines = shown([ann, bob], [view]);
  expect(lines[1]).toMatch(/^ann +Ann +\+493010;ext=17 +hq +in a call +1 of 5 +2$/);
  expect(lines[2]).toMatch(/^ {2}sip:ann@h.* at udp 10\.0\.1\.1:5060 until .*, phone, q 0\.5$/);
  expect(lines[2]).not.toContain('\u001b');
  expect(lines[3]).toMatch(/^bob +- +- +- +not registered +0 of 1 +0$/);
});

test('without a running program the file is told', () => {
  const [, row] = shown([bob]);
  expect(row).toMatch(/^bob +- +- +- +- +at most 1 +-$/);
});

test('without a file who is there is told, and what the program knows of him', () => {
  const [head, row] = shown([], [view]);
  expect(head).toMatch(/^USER +STATE +DEVICES +CALLS$/);
  expect(row).toMatch(/^ann +in a call +1 +2$/);
  expect(listed([bob], [view], false).map(({ user }) => user)).toEqual(['ann']);
});
