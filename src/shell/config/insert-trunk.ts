import { Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { asItStood } from './as-it-stood.ts';
import { mask, unmask } from './variables.ts';

export type Inserted =
  | { readonly text: string; readonly reason?: never }
  /** Why it cannot be put there: one sentence. */
  | { readonly reason: string; readonly text?: never };

/** A trunk as YAML, under `trunks`. */
export function trunkText(trunk: Readonly<Record<string, unknown>>, comment: string): string {
  const document = new Document({ trunks: [] });
  document.addIn(['trunks'], node(document, trunk, comment));
  return unmask(document.toString({ lineWidth: 0 }));
}

/** The file with the trunk at the end of its trunks, or in place of the one of its name; comments stay. */
export function insertTrunk(
  text: string,
  trunk: Readonly<Record<string, unknown>>,
  comment: string,
  replace: boolean,
): Inserted {
  const before = mask(text);
  const document = parseDocument(before);
  const [error] = document.errors;
  if (error) return { reason: `the file is no sound YAML: ${unmask(error.message).split('\n')[0]}` };
  if (document.contents !== null && !isMap(document.contents)) return { reason: 'the file is no map of keys' };
  const added = node(document, trunk, comment);
  const trunks = document.get('trunks', true);
  if (trunks === undefined || (isScalar(trunks) && trunks.value === null))
    document.set('trunks', listOf(document, added));
  else if (!isSeq(trunks)) return { reason: '`trunks` is no list' };
  else {
    const at = trunks.items.findIndex((one) => isMap(one) && one.get('name') === trunk.name);
    if (at >= 0 && !replace) return { reason: `it has a trunk "${String(trunk.name)}" already` };
    if (at >= 0) trunks.items[at] = added;
    else trunks.items.push(added);
    trunks.flow = false;
  }
  return { text: unmask(asItStood(before, document.toString({ lineWidth: 0 }))) };
}

function listOf(document: Document, only: YAMLMap): YAMLSeq {
  const list = document.createNode([]) as YAMLSeq;
  list.items.push(only);
  return list;
}

/** The references to variables in it are no YAML to be quoted. */
function node(document: Document, trunk: Readonly<Record<string, unknown>>, comment: string): YAMLMap {
  const added = document.createNode(masked(trunk)) as YAMLMap;
  added.commentBefore = comment
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n');
  return added;
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}
