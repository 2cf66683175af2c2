import { parse } from 'yaml';
import { exitCodes, Failure } from '../failure.ts';

/**
 * `trunks.itsp-a.capacity.calls`, `trunks[0].addresses`, `trunks."a.b".kind`: keys, and of what is in a list its name, or its
 * place in brackets. Throws a Failure where it is none of these.
 */
export function pathOf(text: string): (string | number)[] {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const found = /^(?:\[(\d+)\]|"([^"]*)"|([^."[\]]+))(\.(?=.)|(?=\[)|$)/.exec(rest);
    if (!found)
      throw new Failure(`${text} is no place: write trunks.itsp-a.capacity.calls, or trunks[0].kind`, exitCodes.usage);
    const [all, place, quoted, key] = found;
    path.push(place === undefined ? (quoted ?? key!) : Number(place));
    rest = rest.slice(all.length);
  }
  if (path.length === 0) throw new Failure('say what is to be set: trunks.itsp-a.capacity.calls 60', exitCodes.usage);
  return path;
}

/** As YAML has it: `60`, `[itsp-a, itsp-b]`, `{ calls: 30 }`, `"0123"`. */
export function yamlOf(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new Failure(
      `${text} is no value: ${(error as Error).message.split('\n')[0]} Put quotes round a text.`,
      exitCodes.usage,
    );
  }
}
