import { expect, test } from 'vitest';
import { apiOf } from '../api.testing.ts';
import type { Mirror } from '../live/mirror.ts';
import type { LiveCertificate } from '../live/told.ts';

const one = (more: Partial<LiveCertificate>): LiveCertificate => ({
  ...{ kind: 'certificate', users: ['listener wan'], files: ['a.pem'], names: ['sip.example'], warnings: [] },
  ...more,
});

test('what cannot be used comes first, then what expires first', async () => {
  const certificates = [
    one({ names: ['late'], daysLeft: 300, notAfter: '2027-01-01T00:00:00.000Z' }),
    one({ names: ['soon'], daysLeft: 3 }),
    one({ names: ['broken'], problem: 'a.pem cannot be read' }),
  ];
  const { app } = await apiOf({
    live: { house: { certificates }, journal: { listen: () => {} }, onReports: () => {} } as unknown as Mirror,
  });
  const { items } = (await app.inject({ url: '/api/v1/certificates' })).json();
  expect(items.map(({ names }: { names: string[] }) => names[0])).toEqual(['broken', 'soon', 'late']);
  expect(items[2]).toEqual({ ...certificates[0] });
});

test('none are known while nobody told of them', async () => {
  const { app } = await apiOf();
  expect((await app.inject({ url: '/api/v1/certificates' })).json()).toEqual({ items: [] });
});
