import type { Services } from '../services.ts';
import { type Examination, examined } from './examined.ts';
import { Examiner } from './examiner.ts';

/** Chars of a text that is examined where it is asked for: it takes some hundredths of a second, also where all of it is wrong. */
const shortText = 32_768;

/** Of all who ask. */
const examiner = new Examiner();

/** What a text would mean, held against what runs. Rejects with a Problem. */
export async function examine(text: string, { configuration, file, node }: Services): Promise<Examination> {
  const question = { text, file, node };
  return text.length <= shortText ? examined(question, configuration()) : examiner.examine(question, configuration());
}
