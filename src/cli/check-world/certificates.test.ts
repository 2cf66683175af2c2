import { afterAll, expect, test } from 'vitest';
import type { Listener } from '#engine/ports';
import { certificateFolder, selfSigned } from '../../../test/support/certificates.ts';
import { certificates } from './certificates.ts';

const folder = certificateFolder();
afterAll(() => folder.remove());

async function listener(name: string, days: { from: number; to: number }): Promise<Listener> {
  const pair = await selfSigned({ name: 'sbc.acme.example', dns: ['sbc.acme.example'], ...days });
  return {
    ...{ id: `${name}/tls`, name, side: 'external', transport: 'tls' },
    ...{ bind: { host: '192.0.2.5', port: 5061 }, advertise: { host: '192.0.2.5', port: 5061 } },
    tls: {
      certificate: folder.write(`${name}.pem`, pair.certificate),
      key: folder.write(`${name}.key`, pair.key),
      clientCertificate: 'none',
      minVersion: 'TLSv1.2',
    },
  } as Listener;
}

test('one that has expired is a fault, whatever else there is to say of it', async () => {
  const listeners = [await listener('wan', { from: -400, to: -10 }), await listener('other', { from: -1, to: 90 })];
  const { verdict, summary, came } = certificates({ listeners, trunks: [] });
  expect([verdict, summary]).toEqual(['failed', 'that of listener wan/tls has expired: nobody takes it']);
  expect(came).toEqual([
    'certificate of listener wan/tls: sbc.acme.example, expired',
    expect.stringMatching(/^certificate of listener other\/tls: sbc\.acme\.example, (89|90) days left$/),
  ]);
});

test('one that soon will is a warning', async () => {
  expect(certificates({ listeners: [await listener('soon', { from: -1, to: 20 })], trunks: [] })).toMatchObject({
    verdict: 'warning',
    summary: expect.stringContaining('expires within 30 days'),
  });
});

test('none at all is nothing to look at', () => {
  expect(certificates({ listeners: [], trunks: [] }).verdict).toBe('skipped');
});
