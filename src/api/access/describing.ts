import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Account, Session, Token } from '#shell/management-store';
import { roles } from './principal.ts';

/** What is told of accounts, sessions and tokens: the schemas, and how they are filled. */

export const roleSchema = z
  .enum(roles)
  .describe('`viewer` looks; `operator` acts on calls and trunks; `administrator` changes everything.');
export const sitesSchema = z
  .array(z.string().min(1).max(64))
  .min(1)
  .max(1_000)
  .describe('The sites that he sees and changes; all where this is not given.');
export const accountName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/, 'Letters, digits and . _ @ + -, at most 64.')
  .refine((name) => name.toLowerCase() !== 'local', 'This is the name of who runs the program.')
  .describe('What he signs in by. Upper and lower case are one.');
export const newPassword = z.string().min(1).max(1_000).describe('At least 12 characters. Shown nowhere.');
const time = z.iso.datetime().describe('RFC 3339.');

export const accountSchema = z
  .object({
    name: z.string(),
    role: roleSchema,
    sites: sitesSchema.optional(),
    state: z
      .enum(['active', 'invited', 'disabled'])
      .describe('`invited`: he has not chosen a password yet. `disabled`: he may not sign in.'),
    method: z.enum(['password', 'oidc']).describe('How he signs in: here, or at the provider.'),
    totp: z.boolean().describe('Whether he signs in with a one-time password besides.'),
    created: time,
    signedIn: time.optional().describe('When he signed in last.'),
    version: z.int().describe('Names what he may do: another one where that was changed. The ETag as well.'),
  })
  .meta({ id: 'Account', description: 'Somebody who may sign in.' });

export const invitationSchema = z
  .object({
    url: z.string().optional().describe('Open it in a browser; absent where the API is at its Unix socket alone.'),
    token: z.string().describe('The same for `POST /invitation`. It is told once.'),
    expires: time,
  })
  .meta({ id: 'Invitation', description: 'A link by which somebody chooses his password, once.' });

export const sessionSchema = z
  .object({
    id: z.string(),
    account: z.string(),
    method: z.enum(['password', 'oidc']),
    created: time,
    seen: time.describe('When it was used last, to the minute.'),
    source: z.string().describe('The address that he signed in from.'),
    agent: z.string().describe('What his browser calls itself.'),
    current: z.boolean().describe('Whether it is the one that asks.'),
  })
  .meta({ id: 'Session', description: 'Of somebody who signed in by a browser.' });

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    account: z.string().describe('Whose it is: with it he may do what he may himself, and no more.'),
    role: roleSchema,
    sites: sitesSchema.optional(),
    created: time,
    expires: time,
    used: time.optional().describe('When it was used last, to the minute.'),
    usedFrom: z.string().optional().describe('The address that it was used from.'),
  })
  .meta({ id: 'Token', description: 'What a program proves itself by.' });

export const recoveryCodesSchema = z
  .object({
    recoveryCodes: z
      .array(z.string())
      .describe('Each is good once, in place of a one-time password. They are told once: keep them elsewhere.'),
  })
  .meta({ id: 'RecoveryCodes', description: 'What one signs in by when the telephone is gone.' });

export const meSchema = z
  .object({
    name: z.string(),
    role: roleSchema,
    sites: sitesSchema.optional(),
    via: z.enum(['socket', 'session', 'token']).describe('How it is known who asks.'),
    method: z.enum(['password', 'oidc']).optional().describe('Of a session: how he signed in.'),
    totp: z.boolean().optional().describe('Of a session: whether he signs in with a one-time password besides.'),
    recoveryCodes: z
      .int()
      .optional()
      .describe('Where he does: how many codes are left that he could sign in by without his telephone.'),
  })
  .meta({ id: 'Me', description: 'Who asks.' });

export function accountOf({ name, role, sites, ...account }: Account): z.infer<typeof accountSchema> {
  const { disabled, password, subject, totp, createdAt, signedInAt } = account;
  return {
    name,
    role,
    ...(sites && { sites: [...sites] }),
    state: disabled ? 'disabled' : password === undefined && subject === undefined ? 'invited' : 'active',
    method: subject === undefined ? 'password' : 'oidc',
    totp: totp !== undefined,
    created: timeOf(createdAt),
    ...(signedInAt !== undefined && { signedIn: timeOf(signedInAt) }),
    version: createHash('sha256')
      .update(JSON.stringify([role, sites ?? null, disabled]))
      .digest()
      .readUInt32BE(),
  };
}

export function sessionOf(
  session: Session,
  account: string,
  current: string | undefined,
): z.infer<typeof sessionSchema> {
  const { id, method, createdAt, seenAt, source, agent } = session;
  return {
    id,
    account,
    method,
    created: timeOf(createdAt),
    seen: timeOf(seenAt),
    source,
    agent,
    current: id === current,
  };
}

export function tokenOf({ id, name, role, sites, ...token }: Token, account: string): z.infer<typeof tokenSchema> {
  const { createdAt, expiresAt, usedAt, usedFrom } = token;
  return {
    id,
    name,
    account,
    role,
    ...(sites && { sites: [...sites] }),
    created: timeOf(createdAt),
    expires: timeOf(expiresAt),
    ...(usedAt !== undefined && { used: timeOf(usedAt) }),
    ...(usedFrom !== undefined && { usedFrom }),
  };
}

export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** What one signs in by beside a password. */
export const codeSchema = z
  .string()
  .max(40)
  .optional()
  .describe('The one-time password, six digits; or one of the recovery codes, which is void then.');
