import { headerName, isListField, splitList } from '#codec/sip-message';
import type { Octets } from '#kernel';
import {
  displayOf,
  paramOf,
  type UriPart,
  uriOf,
  uriParamOf,
  uriPartOf,
  withDisplay,
  withParam,
  withUri,
  withUriParam,
  withUriPart,
} from './address.ts';
import type { Draft, DraftField } from './draft.ts';

/** What of a value: all of it, or a part by its name. */
export type Slice =
  | { readonly of: 'whole' | 'display' | 'uri' | 'value' }
  | { readonly of: 'uri-part'; readonly part: UriPart }
  | { readonly of: 'uri-param' | 'param'; readonly name: string };

/** A part of a message that can be written. */
export interface Part {
  /** As the rule has it. */
  readonly text: string;
  readonly field: 'request-uri' | 'from' | 'to' | 'header';
  /** Full, lower case, of a header; its beginning where `all` is set. */
  readonly name: string;
  readonly all: boolean;
  readonly slice: Slice;
}

const whole: Slice = { of: 'whole' };
const token = /^[A-Za-z0-9\-.!%_+`'~]+$/;

/** Reads `From.user`, `request-uri.host`, `Contact.param.expires`, `X-*`; or says in one sentence why it is none. */
export function readPart(text: string): Part | { readonly wrong: string } {
  const [first = '', ...rest] = text.split('.');
  const all = first.endsWith('*');
  const bare = all ? first.slice(0, -1) : first;
  if (!token.test(bare))
    return { wrong: `"${text.slice(0, 60)}" is not the name of a header field or of a part of one` };
  const name = headerName(bare);
  const field = name === 'request-uri' || name === 'from' || name === 'to' ? name : 'header';
  const slice = readSlice(rest, field === 'request-uri');
  if (slice === undefined)
    return {
      wrong: `"${rest.join('.').slice(0, 60)}" is no part of ${first}: there are ${field === 'request-uri' ? '' : 'display, uri, value, '}user, host, port, scheme, uri-param.NAME${field === 'request-uri' ? '' : ' and param.NAME'}`,
    };
  if (all && rest.length > 0) return { wrong: `${first} stands for whole header fields` };
  return { text, field, name: all ? bare.toLowerCase() : name, all, slice };
}

function readSlice(rest: readonly string[], uri: boolean): Slice | undefined {
  const [what, ...names] = rest;
  const param = names.join('.').toLowerCase();
  switch (what) {
    case undefined:
      return whole;
    case 'user':
    case 'host':
    case 'port':
    case 'scheme':
      return names.length === 0 ? { of: 'uri-part', part: what } : undefined;
    case 'uri-param':
      return token.test(param) ? { of: 'uri-param', name: param } : undefined;
    case 'display':
    case 'uri':
    case 'value':
      return names.length === 0 && !uri ? { of: what } : undefined;
    case 'param':
      return token.test(param) && !uri ? { of: 'param', name: param } : undefined;
    default:
      return undefined;
  }
}

/** The values of the part, as many as there are. */
export function valuesOf(part: Part, draft: Draft): readonly Octets[] {
  const { field, slice } = part;
  if (field !== 'header') {
    const text = field === 'request-uri' ? draft.uri : draft[field];
    const one = text === '' ? undefined : read(text, slice, field === 'request-uri');
    return one === undefined ? [] : [one];
  }
  const found: Octets[] = [];
  for (const one of draft.fields) {
    if (!isNamed(part, one)) continue;
    for (const element of elements(one)) {
      const value = read(element, slice, false);
      if (value !== undefined) found.push(value);
    }
  }
  return found;
}

/**
 * Writes what `change` makes of each value of the part: undefined takes it away, the same leaves it. True when something is
 * other than before. A header field of which nothing is left goes.
 */
export function rewrite(part: Part, draft: Draft, change: (value: Octets) => Octets | undefined): boolean {
  const { field, slice } = part;
  if (field !== 'header') {
    const text = field === 'request-uri' ? draft.uri : draft[field];
    if (text === '') return false;
    const changed = changedBy(text, slice, field === 'request-uri', change);
    if (changed === undefined || changed === text) return false;
    if (field === 'request-uri') draft.uri = changed;
    else draft[field] = changed;
    return true;
  }
  let any = false;
  const fields: DraftField[] = [];
  for (const one of draft.fields) {
    const changed = isNamed(part, one) ? changedField(one, slice, change) : one;
    if (changed !== one) any = true;
    if (changed) fields.push(changed);
  }
  if (any) draft.fields = fields;
  return any;
}

function changedField(
  field: DraftField,
  slice: Slice,
  change: (value: Octets) => Octets | undefined,
): DraftField | undefined {
  let any = false;
  const kept: Octets[] = [];
  for (const element of elements(field)) {
    const changed = changedBy(element, slice, false, change);
    if (changed !== element) any = true;
    if (changed !== undefined) kept.push(changed);
  }
  if (!any) return field;
  return kept.length === 0 ? undefined : { ...field, value: kept.join(', ') };
}

/** Also what has no value yet: `set` writes it. */
export function writes(part: Part, draft: Draft, value: Octets): boolean {
  const { field, name, slice } = part;
  if (field === 'header' && slice.of === 'whole') {
    const own = draft.fields.filter((one) => isNamed(part, one));
    if (own.length === 1 && own[0]!.value === value) return false;
    const fresh = { name, display: part.text, value };
    const at = draft.fields.indexOf(own[0]!);
    const rest = draft.fields.filter((one) => !isNamed(part, one));
    draft.fields = at < 0 ? [...rest, fresh] : rest.toSpliced(at, 0, fresh);
    return true;
  }
  if (field === 'request-uri' && slice.of === 'whole') {
    if (draft.uri === '' || draft.uri === value) return false;
    draft.uri = value;
    return true;
  }
  const write = (text: Octets) => written(text, slice, value, field === 'request-uri') ?? text;
  if (field !== 'header') {
    const text = field === 'request-uri' ? draft.uri : draft[field];
    if (text === '') return false;
    const changed = write(text);
    if (changed === text) return false;
    if (field === 'request-uri') draft.uri = changed;
    else draft[field] = changed;
    return true;
  }
  let any = false;
  draft.fields = draft.fields.map((one) => {
    if (!isNamed(part, one)) return one;
    const changed = elements(one).map(write).join(', ');
    if (changed === elements(one).join(', ')) return one;
    any = true;
    return { ...one, value: changed };
  });
  return any;
}

function isNamed({ name, all }: Part, field: DraftField): boolean {
  return all ? field.name.startsWith(name) : field.name === name;
}

function elements({ name, value }: DraftField): readonly Octets[] {
  if (!isListField(name) || !value.includes(',')) return [value];
  const list: Octets[] = [];
  splitList(value, list);
  return list;
}

function read(text: Octets, slice: Slice, isUri: boolean): Octets | undefined {
  switch (slice.of) {
    case 'whole':
      return text;
    case 'display': {
      const display = displayOf(text);
      return display === '' ? undefined : display;
    }
    case 'uri':
      return uriOf(text);
    case 'value': {
      const semicolon = text.indexOf(';');
      return semicolon < 0 ? text : text.slice(0, semicolon).trim();
    }
    case 'param':
      return paramOf(text, slice.name);
    case 'uri-part':
    case 'uri-param': {
      const uri = isUri ? text : uriOf(text);
      if (uri === undefined) return undefined;
      return slice.of === 'uri-part' ? uriPartOf(uri, slice.part) : uriParamOf(uri, slice.name);
    }
  }
}

/** `value` undefined takes it away. Undefined where that can't be done. */
function written(text: Octets, slice: Slice, value: Octets | undefined, isUri: boolean): Octets | undefined {
  switch (slice.of) {
    case 'whole':
      return value;
    case 'display':
      return withDisplay(text, value ?? '');
    case 'uri':
      return value === undefined ? undefined : withUri(text, value);
    case 'value': {
      const semicolon = text.indexOf(';');
      return value === undefined ? undefined : value + (semicolon < 0 ? '' : text.slice(semicolon));
    }
    case 'param':
      return withParam(text, slice.name, value);
    case 'uri-part':
    case 'uri-param': {
      const uri = isUri ? text : uriOf(text);
      if (uri === undefined) return undefined;
      const changed =
        slice.of === 'uri-part' ? withUriPart(uri, slice.part, value ?? '') : withUriParam(uri, slice.name, value);
      if (changed === undefined || isUri) return changed;
      return changed === uri ? text : withUri(text, changed);
    }
  }
}

/** Undefined takes the whole value away; that can only be asked of a whole one. */
function changedBy(
  text: Octets,
  slice: Slice,
  isUri: boolean,
  change: (value: Octets) => Octets | undefined,
): Octets | undefined {
  const value = read(text, slice, isUri);
  if (value === undefined) return text;
  const changed = change(value);
  if (changed === value) return text;
  if (slice.of === 'whole') return changed;
  return written(text, slice, changed, isUri) ?? text;
}
