import { z } from 'zod';
import { keyKinds } from '#shell/tls';
import type { LiveCertificate } from '../live/told.ts';
import { idOf } from './places.ts';

const id = z.string().describe('As long as the configuration names the same files.');

export const certificateSchema = z
  .object({
    id,
    kind: z.enum(['certificate', 'trust']).describe('Ours, or roots by which we believe others.'),
    users: z.array(z.string()).describe('What uses it: `listener wan`, `trunk itsp`.'),
    files: z.array(z.string()),
    names: z.array(z.string()).describe('That it bears.'),
    notAfter: z.string().optional().describe('When it expires.'),
    daysLeft: z.int().optional().describe('Days; negative: it has expired.'),
    warnings: z.array(z.string()),
    problem: z.string().optional().describe('Why it cannot be used.'),
    loaded: z.string().optional().describe('When what is shown now was read.'),
  })
  .meta({ id: 'Certificate', description: 'A certificate that is in use; its files are read again when they change.' });

export function certificateView(one: LiveCertificate): z.infer<typeof certificateSchema> {
  const { kind, users, files, names, notAfter, daysLeft, warnings, problem, loaded } = one;
  return {
    ...{ id: idOf(one), kind, users: [...users], files: [...files], names: [...names], warnings: [...warnings] },
    ...(notAfter !== undefined && { notAfter }),
    ...(daysLeft !== undefined && { daysLeft }),
    ...(problem !== undefined && { problem }),
    ...(loaded !== undefined && { loaded }),
  };
}

export const placeSchema = z
  .object({
    id,
    kind: z.enum(['certificate', 'trust']),
    users: z.array(z.string()),
    names: z.array(z.string()).describe('By which others call us there: what a certificate has to bear.'),
  })
  .meta({
    id: 'CertificatePlace',
    description: 'Where a certificate, or roots, could be, and the configuration names none.',
  });

export const findingSchema = z
  .object({
    code: z.string(),
    severity: z
      .enum(['error', 'doubt', 'warning'])
      .describe('`error`: it cannot be used. `doubt`: it is taken where `accept` has its code.'),
    message: z.string(),
    cure: z.string().describe('What to do; may be empty.'),
  })
  .meta({ id: 'CertificateFinding', description: 'What is wrong, or doubtful, with a certificate.' });

export const chainPart = z
  .object({
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()),
    serial: z.string().describe('In hexadecimal digits.'),
    notBefore: z.string(),
    notAfter: z.string(),
    sha256: z.string().describe('Its fingerprint.'),
    key: z.string().describe('`RSA 2048`, `EC prime256v1`.'),
    signature: z.string(),
    authority: z.boolean(),
  })
  .meta({ id: 'ChainPart', description: 'One certificate of a chain.' });

export const certificateFiles = certificateSchema
  .extend({
    version: z.string().describe('Of what lies in the files: the ETag.'),
    chain: z.array(chainPart).describe('As the files are: our own first; of trust all.'),
    fits: z
      .boolean()
      .optional()
      .describe('Whether the key is that of the certificate; absent where one cannot be read.'),
    locked: z.string().optional().describe('Why the API cannot write its files.'),
    wanted: z.array(z.string()).describe('Names by which others call us there.'),
    findings: z.array(findingSchema).describe('What is wrong with what lies in the files.'),
    previous: z
      .object({ at: z.string(), who: z.string(), names: z.array(z.string()), notAfter: z.string().optional() })
      .optional()
      .describe('What was in place until it was replaced here, and by whom: it can be gone back to.'),
  })
  .meta({ id: 'CertificateFiles', description: 'A certificate with all that its files say. No key.' });

const accept = z
  .array(z.string().max(40))
  .max(20)
  .default([])
  .describe('Codes of doubts that are meant so: `chain-incomplete`, `names`.');

/** Chars: a bundle of all the world's roots has a quarter of a million. */
const pem = z.string().min(1).max(1_000_000);

export const offered = z
  .strictObject({
    pem: pem.describe(
      'PEM: the certificate with its chain, in any order, perhaps its key with it; of trust, the certificates of authorities.',
    ),
    key: z
      .string()
      .max(20_000)
      .optional()
      .describe(
        'PEM: PKCS #8, PKCS #1 or SEC 1. Not for a request that was made here, or where the key stays: it is on the server.',
      ),
    passphrase: z.string().max(1_000).optional().describe('Of an encrypted key. It is kept nowhere.'),
    accept,
  })
  .meta({ id: 'OfferedCertificate' });

export const kept = z
  .strictObject({
    ...offered.shape,
    kind: z.enum(['certificate', 'trust']).default('certificate'),
    use: z.string().max(200).describe('What it is for: `listener wan`, `trunk itsp`, `management`.'),
  })
  .meta({ id: 'KeptCertificate' });

export const verdict = z
  .object({
    ok: z.boolean().describe('It would be taken.'),
    findings: z.array(findingSchema),
    chain: z.array(chainPart),
    key: z.enum(['sent', 'request', 'in-place']).optional().describe('Where the key comes from.'),
  })
  .meta({ id: 'CertificateVerdict' });

export const requestSchema = z
  .object({
    id: z.string(),
    at: z.string(),
    who: z.string(),
    names: z.array(z.string()),
    kind: z.enum(keyKinds),
    use: z.string().optional().describe('What it is meant for: `listener wan`.'),
    csr: z.string().describe('PEM (PKCS #10): what an authority is sent.'),
  })
  .meta({ id: 'CertificateRequest', description: 'A request for a certificate. Its key was made here, and stays.' });

/** A host name, perhaps with `*.` before it, or an address. */
const borne = z
  .string()
  .max(253)
  .regex(
    /^(?:(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|[0-9a-f:.]+)$/i,
    'It is no host name, and no address.',
  );
const word = z.string().trim().min(1).max(64);

export const newRequest = z
  .strictObject({
    names: z
      .array(borne)
      .min(1)
      .max(100)
      .describe('Host names and addresses that the certificate is to bear; the first is its CN too.'),
    kind: z
      .enum(keyKinds)
      .default('rsa-2048')
      .describe('Of the key. Some SIP services, Microsoft Teams among them, want RSA.'),
    use: z.string().max(200).optional().describe('What it is meant for, for people: `listener wan`.'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'A country has two capital letters: DE.')
      .optional(),
    state: word.optional(),
    locality: word.optional(),
    organization: word.optional(),
  })
  .meta({ id: 'NewCertificateRequest' });
