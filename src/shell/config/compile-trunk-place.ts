import type { Trunk, TrunkPlace } from '#engine/ports';
import { numberRulesOf, withoutPlus } from './compile-numbers.ts';
import type { Files } from './files.ts';
import { ratesIn } from './number-lists.ts';
import type { TrunkEntry } from './schema.ts';

/** What a trunk is in the organisation: from its keys to the engine's settings. What is not said stays out. */
export function placeOf(entry: TrunkEntry, files: Files): TrunkPlace & Pick<Trunk, 'mediaBypass' | 'mediaAddress'> {
  const { description, site, listeners, usages, emergency, mobile, 'dial-plan': dialPlan } = entry;
  const rates = ratesOf(entry, files);
  return {
    ...(description !== undefined && { description }),
    ...(site !== undefined && { site }),
    ...(listeners && { listeners }),
    ...(dialPlan !== undefined && { dialPlan }),
    ...(usages && { usages }),
    ...numbersOf(entry),
    ...(entry['media-bypass'] && { mediaBypass: true }),
    ...(entry['media-address'] !== undefined && { mediaAddress: entry['media-address'] }),
    ...(entry['local-only'] && { localOnly: true }),
    ...(emergency && { emergency }),
    ...(rates && { rates }),
    ...(mobile && { mobile }),
  };
}

function numbersOf({ numbers, 'remove-plus': removePlus }: TrunkEntry): Pick<TrunkPlace, 'numbers'> {
  if (!numbers && !removePlus) return {};
  const written = removePlus ? withoutPlus : (rules: ReturnType<typeof numberRulesOf>) => rules;
  return {
    numbers: {
      called: written(numberRulesOf(numbers?.called)),
      calling: written(numberRulesOf(numbers?.calling)),
    },
  };
}

function ratesOf({ rates }: TrunkEntry, files: Files): TrunkPlace['rates'] {
  if (!rates) return undefined;
  const listed = rates.list ?? [];
  return rates.file === undefined ? listed : [...listed, ...ratesIn(rates.file, files).entries];
}
