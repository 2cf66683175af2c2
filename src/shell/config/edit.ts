import { Document, isMap, isNode, isScalar, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { asItStood } from './as-it-stood.ts';
import { inOrder } from './move.ts';
import { type TextTree, textsIn, textsOf } from './text-tree.ts';
import { mask, unmask } from './variables.ts';

/**
 * One change of a configuration file; comments stay, and what is beside it as it is written. With a `value` that is put there, with `before` alone what is in a
 * list is moved, with both it is put into the list at that place, with neither it is taken away.
 */
export interface Edit {
  /** Keys; of what is in a list its name, or its place. */
  readonly path: readonly (string | number)[];
  /** What is to stand there; undefined: nothing. In a list under a name that it has not: at its end. */
  readonly value?: unknown;
  /** What stood there when it was looked at, `null` for nothing: where something else does, nothing is changed. Numbers and their texts are one. */
  readonly was?: unknown;
  /** Of what is in a list: the name, or the place, of what it is to stand before; `null`: it is to stand at the end. */
  readonly before?: string | number | null | undefined;
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

type Refused = { readonly reason: string; readonly conflict: boolean };

function apply(text: string, edit: Edit): string | Refused {
  if (edit.before === undefined) return put(text, edit);
  const there = edit.value === undefined ? text : put(text, edit);
  return typeof there === 'string' ? move(there, edit, edit.before) : there;
}

/** Where a path leads, by places in lists: one past the end for what a list has not. */
function placesOf(document: Document, path: Edit['path']): readonly (string | number)[] | Refused {
  const [error] = document.errors;
  if (error) return { reason: `the file is no sound YAML: ${unmask(error.message).split('\n')[0]}`, conflict: false };
  const places: (string | number)[] = [];
  const said = (depth: number) => path.slice(0, depth).join(' ') || 'the file';
  for (const [depth, step] of path.entries()) {
    const node = document.getIn(places, true);
    if (!isSeq(node)) {
      const isNothing = node === undefined || node === null || (isScalar(node) && node.value === null);
      if (!isNothing && !isMap(node)) return { reason: `${said(depth)} is a single value`, conflict: false };
      places.push(step);
      continue;
    }
    const at = typeof step === 'number' ? step : placeOf(node, step);
    const isPlace = typeof step !== 'number' || (Number.isInteger(at) && at >= 0 && at <= node.items.length);
    if (!isPlace || (at < 0 && depth < path.length - 1))
      return { reason: `${said(depth)} has no ${step}`, conflict: false };
    places.push(at < 0 ? node.items.length : at);
  }
  return places;
}

function put(text: string, { path, value, was }: Edit): string | Refused {
  const before = mask(text);
  const document = parseDocument(before);
  const places = placesOf(document, path);
  if ('reason' in places) return places;
  const stands = document.getIn(places, true);
  const conflict = conflictOf(document, stands, { path, was });
  if (conflict) return conflict;
  if (value === undefined && stands === undefined) return text;
  if (value === undefined) document.deleteIn(places);
  else if (isScalar(stands) && stands.range && stands.value !== null && typeof value !== 'object') {
    // Written over where it stands: nothing of the file is written anew.
    const [start, end] = stands.range;
    return text.slice(0, start) + scalarText(value) + text.slice(end);
  } else putNode(document, places, value);
  return unmask(asItStood(before, document.toString({ lineWidth: 0 })));
}

function conflictOf(document: Document, stands: unknown, { path, was }: Edit): Refused | undefined {
  if (was === undefined) return undefined;
  return JSON.stringify(textsOf(stands, document) ?? null) === JSON.stringify(textsIn(was))
    ? undefined
    : { reason: `${path.join(' ')} was changed by somebody else meanwhile`, conflict: true };
}

function move(text: string, { path, value, was }: Edit, before: string | number | null): string | Refused {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  const masked = mask(whole);
  const document = parseDocument(masked, { keepSourceTokens: true });
  const places = placesOf(document, path);
  if ('reason' in places) return places;
  const above = places.slice(0, -1);
  const list = document.getIn(above, true);
  const said = path.slice(0, -1).join(' ');
  if (!isSeq(list)) return { reason: `${said} is no list`, conflict: false };
  const from = places.at(-1) as number;
  if (!(from < list.items.length)) return { reason: `${said} has no ${path.at(-1)}`, conflict: false };
  const conflict = value === undefined && conflictOf(document, list.items[from], { path, was });
  if (conflict) return conflict;
  const next = before === null ? list.items.length : typeof before === 'number' ? before : placeOf(list, before);
  if (next < 0 || next > list.items.length) return { reason: `${said} has no ${before}`, conflict: false };

  const order = list.items.map((_, at) => at).filter((at) => at !== from);
  order.splice(next > from ? next - 1 : next, 0, from);
  const texts = list.items.map((item) => textsOf(item, document));
  const wanted = JSON.stringify(order.map((at) => texts[at]));
  const isAsWanted = (written: string): boolean => {
    const made = parseDocument(mask(written));
    return made.errors.length === 0 && JSON.stringify(listTexts(made, above)) === wanted;
  };
  const written = inOrder(whole, masked, list, order) ?? anew(masked, document, list, order);
  return written !== undefined && isAsWanted(written)
    ? written
    : { reason: `${path.join(' ')} cannot be moved there: what it refers to would come after it`, conflict: false };
}

/** Where lines cannot be moved, the list is written anew. Undefined: something would be referred to that comes later. */
function anew(before: string, document: Document, list: YAMLSeq, order: readonly number[]): string | undefined {
  list.items = order.map((at) => list.items[at]);
  try {
    return unmask(asItStood(before, document.toString({ lineWidth: 0 })));
  } catch {
    return undefined;
  }
}

function listTexts(document: Document, places: readonly (string | number)[]): (TextTree | undefined)[] {
  const list = document.getIn(places, true);
  return isSeq(list) ? list.items.map((item) => textsOf(item, document)) : [];
}

/** As it stands in a flow list, which is the narrowest place. */
function scalarText(value: unknown): string {
  const list = new Document([masked(value)]);
  (list.contents as YAMLSeq).flow = true;
  return unmask(list.toString({ lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1));
}

function putNode(document: Document, places: readonly (string | number)[], value: unknown): void {
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

/** By what is written: `+49` is that, and no number. */
function placeOf(list: YAMLSeq, name: string): number {
  return list.items.findIndex((one) => writtenAs(isMap(one) ? one.get('name', true) : one) === name);
}

function writtenAs(node: unknown): string | undefined {
  return isScalar(node) ? unmask(node.source ?? String(node.value)) : undefined;
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}
