import { z } from 'zod';
import { outcomes, phrases } from './phrases.ts';

/** A sentence as its parts, so that who shows it can say it in another language. */
export interface Said {
  readonly code: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** What its parameter `because` says, where that is known too. */
  readonly because?: Said | undefined;
}

export const saidSchema: z.ZodType<Said> = z
  .object({
    code: z.string().describe('The sentence.'),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])).describe('What stands in it.'),
    get because() {
      return saidSchema.optional().describe('What its parameter `because` says.');
    },
  })
  .meta({
    id: 'Said',
    description: 'A sentence beside it, in parts: for who shows it in another language. Absent: it stands for itself.',
  });

/** Sentences of a trace are short; more is somebody's text. */
const longest = 500;

/** What a decision says of a rule; undefined: it is the name of something. */
export const ruleSaid = (rule: string): Said | undefined =>
  rule.length > longest ? undefined : find(compiledRules, rule);

/** Sentences that were taken apart: two thousand trunks say much the same. */
const heard = new Map<string, Said | undefined>();
const mostHeard = 1_000;

/** What an outcome, or a reason of health, says; undefined: it is not known here. */
export function said(text: string): Said | undefined {
  if (text.length > longest) return undefined;
  if (heard.has(text)) return heard.get(text);
  const found = find(compiledOutcomes, text);
  if (heard.size >= mostHeard) heard.clear();
  heard.set(text, found);
  return found;
}

/** What stands for something is any text, but for these: */
const numbers = /^(status|milliseconds|count|all)$/;
const telephoneNumbers = /^(number|dialled|written|called)$/;

interface Compiled {
  readonly code: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const compiledRules = phrases.map(compile);
const compiledOutcomes = outcomes.map(compile);

function compile([code, text]: readonly [string, string]): Compiled {
  const names: string[] = [];
  const pattern = text
    .split(/(\{\w+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      const name = part.slice(1, -1);
      names.push(name);
      if (numbers.test(name)) return String.raw`(\d+)`;
      return telephoneNumbers.test(name) ? String.raw`([+*#\d]\S*?)` : '(.+?)';
    })
    .join('');
  return { code, pattern: new RegExp(`^${pattern}$`), names };
}

function find(all: readonly Compiled[], text: string): Said | undefined {
  for (const { code, pattern, names } of all) {
    const found = pattern.exec(text);
    if (!found) continue;
    const parameters = Object.fromEntries(names.map((name, i) => [name, found[i + 1] ?? '']));
    const because = parameters.because === undefined ? undefined : said(parameters.because);
    return { code, parameters, ...(because && { because }) };
  }
  return undefined;
}
