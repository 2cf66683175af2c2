import type { Book } from '../../said/book.ts';
import { cures } from './cures.ts';
import { findings } from './findings.ts';
import { organisationKeys } from './keys-organisation.ts';
import { programKeys } from './keys-program.ts';
import { trunkKeys } from './keys-trunk.ts';
import { planning } from './planning.ts';
import { problems } from './problems.ts';
import { routing } from './routing.ts';
import { rules } from './rules.ts';
import { tls } from './tls.ts';
import { trunkTest } from './trunk-test.ts';
import { words } from './words.ts';

/** Sentences of the server, by where they come from; each is in one of these. */
export const chapters = {
  ...{ trunkKeys, organisationKeys, programKeys },
  ...{ findings, rules, cures, tls, trunkTest, planning, problems, routing },
  words,
};

export const book: Book = Object.assign({}, ...Object.values(chapters));
