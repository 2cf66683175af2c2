import { type Account, type Passwords, TooManyPasswords } from '#shell/management-store';
import { Problem } from '../problem.ts';
import type { Access } from './access.ts';
import { stepOf } from './one-time-passwords.ts';
import { placeOf } from './place.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** A one-time password or a recovery code, where he has set that up. */
  readonly code?: string | undefined;
}

/** As an app shows it; what is not is a recovery code. */
const isOneTime = /^\d{1,10}$/;

/** The same for all: who asks shall not learn which names there are. */
const wrong = 'The name or the password is wrong.';

/**
 * Whose credentials these are. Throws a Problem: 401, or 429 while he has to wait. Every attempt counts as a failure until it is none, so that
 * many at once are no way around the wait.
 */
export async function signIn(
  access: Access,
  { name, password, code }: Credentials,
  source: string,
): Promise<{ readonly account: Account /** He signed in by a recovery code. */; readonly isRecovered: boolean }> {
  const { store, passwords } = access;
  const attempt = begin(access, name, source);
  const known = store.accounts.byName(name);
  const isRight = await verified(access, password, known?.password, attempt.isKnown);
  // He may have been disabled, or have got another password, meanwhile.
  const account = known && store.accounts.byId(known.id);
  if (!isRight || !account || account.disabled || account.password !== known.password) throw new Problem(401, wrong);
  const isRecovered = proveSecond(access, account, code, attempt);
  attempt.succeed();
  if (passwords.isDated(known.password!) && !(await isRenewed(access, known, password))) throw new Problem(401, wrong);
  return { account, isRecovered };
}

/** Who has a link for another password has by that alone none of what he signs in by besides. Gives whether it was a recovery code; throws a Problem. */
export function proveInvited(access: Access, account: Account, code: string | undefined, source: string): boolean {
  if (account.totp === undefined) return false;
  const attempt = begin(access, account.name, source);
  const isRecovered = proveSecond(access, account, code, attempt);
  attempt.succeed();
  return isRecovered;
}

/** What he signs in by beside his password, where he has set that up. Gives whether it was a recovery code; throws a Problem. */
function proveSecond(
  access: Access,
  account: Account,
  code: string | undefined,
  attempt: ReturnType<typeof begin>,
): boolean {
  if (account.totp === undefined) return false;
  if (code === undefined) {
    attempt.forgive();
    throw new Problem(401, 'Give the code of your app as well.', [
      { place: 'code', detail: 'He who has this name signs in with a one-time password besides.' },
    ]);
  }
  const isRecovery = !isOneTime.test(code);
  const isTaken = isRecovery
    ? access.store.recoveryCodes.use(account.id, code)
    : takeCode(access, account, account.totp, code);
  if (!isTaken)
    throw new Problem(401, 'The code is wrong, or was used before.', [{ place: 'code', detail: 'Wait for the next.' }]);
  return isRecovery;
}

/** Whether a code is good, which it is once. */
export function takeCode({ store, wall }: Access, account: Account, secret: string, code: string): boolean {
  const step = stepOf(code, secret, wall());
  if (step === undefined || step <= account.totpStep) return false;
  store.accounts.change(account.id, { totpStep: step });
  return true;
}

/** Who has signed in proves himself again, before he changes what he signs in by. Throws a Problem. */
export async function proveAgain(access: Access, account: Account, password: string, source: string): Promise<void> {
  const attempt = begin(access, account.name, source);
  // 403, not 401: he is signed in, and stays so.
  if (!(await verified(access, password, account.password, true))) throw new Problem(403, 'That is not your password.');
  attempt.succeed();
}

/** Keeps the same password at what one costs now, or another time where there is too much to do. False: it is not his any more. */
async function isRenewed(
  { store, passwords }: Access,
  { id, password: old }: Account,
  password: string,
): Promise<boolean> {
  const hash = await passwords.hash(password).catch((error) => {
    if (!(error instanceof TooManyPasswords)) throw error;
  });
  const now = store.accounts.byId(id);
  if (!now || now.disabled || now.password !== old) return false;
  if (hash !== undefined) store.accounts.change(id, { password: hash });
  return true;
}

/** As `Passwords.verify`; throws a Problem when too many wait. */
async function verified({ passwords }: Access, ...asked: Parameters<Passwords['verify']>): Promise<boolean> {
  return passwords.verify(...asked).catch(tooMany);
}

/** What is kept of a new password. Throws a Problem when too many wait. */
export async function hashed({ passwords }: Access, password: string): Promise<string> {
  return passwords.hash(password).catch(tooMany);
}

function tooMany(error: unknown): never {
  if (error instanceof TooManyPasswords) throw new Problem(503, 'Too many sign in at once.', undefined, 2);
  throw error;
}

function begin({ delays, familiar, wall }: Access, name: string, source: string) {
  const now = wall();
  const account = name.toLowerCase();
  const place = placeOf(source);
  const pair = `${account} ${place}`;
  const wait = Math.max(
    delays.pair.wait(pair, now),
    delays.source.wait(place, now),
    familiar.has(pair) ? 0 : delays.account.wait(account, now),
  );
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000);
    throw new Problem(429, `Too many attempts: wait ${seconds} s.`, undefined, seconds);
  }
  delays.pair.failed(pair, now);
  delays.source.failed(place, now);
  delays.account.failed(account, now);
  return {
    isKnown: familiar.has(pair),
    /** It was not wrong, and does not prove anything yet. */
    forgive: () => {
      delays.pair.forgive(pair);
      delays.source.forgive(place);
      delays.account.forgive(account);
    },
    succeed: () => {
      familiar.add(pair);
      delays.pair.forget(pair);
      // Who has one account shall not get more attempts at others by it.
      delays.source.forgive(place);
      delays.account.forget(account);
    },
  };
}
