import { z } from 'zod';
import { endpoint, file, name } from './leaves.ts';
import { target } from './leaves-sip.ts';
import { minVersion, oneOrMany } from './schema-forms.ts';

const listenerTls = z
  .strictObject({
    certificate: file().describe('PEM: the certificate that is shown, and behind it those that lead to its root.'),
    key: file().describe('PEM: its private key, without a passphrase.'),
    'client-certificate': z
      .enum(['required', 'requested', 'none'])
      .prefault('requested')
      .describe(
        'What is asked of those who connect. `required` turns away whoever shows no certificate that some trunk trusts.',
      ),
    'min-version': minVersion(),
  })
  .optional()
  .describe(
    'The certificate of the transport `tls`, compulsory with it. Calls to trunks without a certificate of their own show it too. Both files are read again when they change.',
  );

export const listenerSchema = z
  .strictObject({
    name: name().describe('What logs and counters call it.'),
    side: z
      .enum(['internal', 'external', 'both'])
      .prefault('both')
      .describe('Which trunks it serves: those inside the organisation, those outside, or both.'),
    bind: endpoint().describe(
      'The address to listen on; port 5060 unless one is given, or 5061 where `tls` is the only transport. IPv6 is written "[2001:db8::5]:5060". An IPv6 listener takes no IPv4.',
    ),
    advertise: target()
      .optional()
      .describe(
        'What Via and Contact say, where peers reach us at another address (behind NAT) or want a name (sbc.example.com:5061). `bind` unless given; to be given when `bind` is 0.0.0.0 or [::].',
      ),
    transports: oneOrMany(z.enum(['udp', 'tcp', 'tls']))
      .prefault(['udp', 'tcp'])
      .describe('The transports to listen on. `tcp` and `tls` take a port each: two listeners.'),
    tls: listenerTls,
  })
  .meta({ id: 'listener', description: 'An address that we take SIP on.' });
