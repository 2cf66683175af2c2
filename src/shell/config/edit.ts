import { Document, isMap, isNode, isScalar, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { textsIn, textsOf } from './text-tree.ts';
import { mask, unmask } from './variables.ts';

/** One change of a configuration file; comments stay, and what is beside it as it is written. */
export interface Edit {
  /** Keys; of what is in a list its name, or its place. */
  readonly path: readonly (string | number)[];
  /** What is to stand there; undefined: nothing. In a list under a name that it has not: at its end. */
  readonly value?: unknown;
  /** What stood there when it was looked at, `null` for nothing: where something else does, nothing is changed. Numbers and their texts are one. */
  readonly was?: unknown;
}

export type Edited =
  | { readonly text: string; readonly reason?: never }
  /** Why it cannot be: one sentence. `conflict`: somebody else was there first. */
  | { readonly reason: string; readonly conflict: boolean; readonly at: Edit; readonly text?: never };

/** The text with all of the edits, or why one cannot be. */
export function editConfiguration(text: string, edits: readonly Edit[]): Edited {
  let edited = text;
  for (const at of edits) {
    const next = apply(edited, at);
    if (typeof next !== 'string') return { ...next, at };
    edited = next;
  }
  return { text: edited };
}

function apply(text: string, { path, value, was }: Edit): string | { reason: string; conflict: boolean } {
  const document = parseDocument(mask(text));
  const [error] = document.errors;
  if (error) return { reason: `the file is no sound YAML: ${unmask(error.message).split('\n')[0]}`, conflict: false };
  const places: (string | number)[] = [];
  for (const [depth, step] of path.entries()) {
    const node = document.getIn(places, true);
    if (!isSeq(node)) {
      if (depth > 0 && node !== undefined && !isMap(node) && !(isScalar(node) && node.value === null))
        return { reason: `${path.slice(0, depth).join(' ')} is a single value`, conflict: false };
      places.push(step);
      continue;
    }
    const at = typeof step === 'number' ? step : placeOf(node, step);
    if (at < 0 && depth < path.length - 1)
      return { reason: `${path.slice(0, depth).join(' ')} has no ${step}`, conflict: false };
    places.push(at < 0 ? node.items.length : at);
  }
  if (was !== undefined) {
    const stands = textsOf(document.getIn(places, true), document);
    if (JSON.stringify(stands ?? null) !== JSON.stringify(textsIn(was)))
      return { reason: `${path.join(' ')} was changed by somebody else meanwhile`, conflict: true };
  }
  const stands = document.getIn(places, true);
  if (value === undefined) document.deleteIn(places);
  else if (isScalar(stands) && stands.range && stands.value !== null && typeof value !== 'object') {
    // Written over where it stands: nothing of the file is written anew.
    const [start, end] = stands.range;
    return text.slice(0, start) + scalarText(value) + text.slice(end);
  } else put(document, places, value);
  return unmask(document.toString({ lineWidth: 0 }));
}

/** As it stands in a flow list, which is the narrowest place. */
function scalarText(value: unknown): string {
  const list = new Document([masked(value)]);
  (list.contents as YAMLSeq).flow = true;
  return unmask(list.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1));
}

function put(document: Document, places: readonly (string | number)[], value: unknown): void {
  const stands = document.getIn(places, true);
  const isPlain = typeof value !== 'object' || value === null;
  const node = document.createNode(masked(value));
  if (isNode(stands)) {
    node.commentBefore = stands.commentBefore ?? null;
    node.comment = stands.comment ?? null;
    node.spaceBefore = stands.spaceBefore ?? false;
  }
  const list = document.getIn(places.slice(0, -1), true);
  if (isSeq(list) && list.flow && !isPlain) list.flow = list.items.length > 0;
  document.setIn(places, node);
}

function placeOf(list: YAMLSeq, name: string): number {
  return list.items.findIndex(
    (one) => (isMap(one) ? String(one.get('name')) : isScalar(one) && String(one.value)) === name,
  );
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}
