import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { hashOf } from './secrets.ts';

/** Of one account. */
const codesOfOne = 10;
/** 80 bits: nobody finds one by trying, not even who has the file and its fast hashes. */
const octets = 10;
/** Crockford's: no letters that are taken for digits, or for each other. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** What an account signs in by, in place of a one-time password, when its telephone is gone: each once. Hashes are kept. */
export class RecoveryCodes {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** New ones, which are told here and never again; those before are void. */
  renew(account: number): string[] {
    this.remove(account);
    const codes = Array.from({ length: codesOfOne }, newCode);
    const insert = this.#database.prepare('INSERT INTO recovery_codes (account, hash) VALUES (?, ?)');
    for (const code of codes) insert.run(account, hashOf(plain(code)));
    return codes;
  }

  /** Whether it is one of his that was not used; from now on it was. */
  use(account: number, code: string): boolean {
    const { changes } = this.#database
      .prepare('DELETE FROM recovery_codes WHERE account = ? AND hash = ?')
      .run(account, hashOf(plain(code)));
    return changes > 0;
  }

  left(account: number): number {
    const row = this.#database.prepare('SELECT count(*) AS count FROM recovery_codes WHERE account = ?').get(account);
    return row!.count as number;
  }

  remove(account: number): void {
    this.#database.prepare('DELETE FROM recovery_codes WHERE account = ?').run(account);
  }
}

/** `3v7k-0qzm-x2ta-9dpf` */
function newCode(): string {
  let bits = 0n;
  for (const octet of randomBytes(octets)) bits = (bits << 8n) | BigInt(octet);
  let text = '';
  for (let i = 0; i < (octets * 8) / 5; i++, bits >>= 5n) text += letters[Number(bits & 31n)];
  return text.replace(/.{4}(?=.)/g, '$&-');
}

/** However somebody writes it down. */
function plain(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
}
