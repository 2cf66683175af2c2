import { parseSdp, rtpFormatsOf, type SessionDescription } from '#codec/sdp';
import type { Octets } from '#kernel';
import type { ManipulationCondition } from '#policy/configuration';
import type { Circumstances, Draft } from './draft.ts';
import { readPart, valuesOf } from './part.ts';
import { Pattern } from './pattern.ts';
import { isSdp, linesOf } from './sdp-lines.ts';
import type { Captured } from './template.ts';

/** True when it holds; what it took is added to `captured`. */
export type Condition = (draft: Draft, circumstances: Circumstances, captured: Captured[]) => boolean;

type Source = (draft: Draft, circumstances: Circumstances) => readonly Octets[];

const some = (value: Octets): readonly Octets[] => (value === '' ? [] : [value]);

/** What can be asked for beside the parts that can be written. */
const sources: Readonly<Record<string, Source>> = {
  method: ({ method }) => [method],
  status: ({ status }) => (status === 0 ? [] : [String(status)]),
  phrase: ({ phrase }) => some(phrase),
  caller: (_draft, { caller }) => some(caller),
  called: (_draft, { called }) => some(called),
  'body-type': ({ fields, body }) => {
    const type = fields.find(({ name }) => name === 'content-type')?.value;
    return body === '' || type === undefined ? [] : [type.split(';')[0]!.trim().toLowerCase()];
  },
  codec: (draft) => described(draft).flatMap((media) => rtpFormatsOf(media).map(({ name }) => name)),
  media: (draft) => described(draft).flatMap(({ media, port }) => (port === 0 ? [] : [media])),
};

function described(draft: Draft): SessionDescription['media'] {
  if (!isSdp(draft)) return [];
  const sdp = parseSdp(draft.body);
  return 'kind' in sdp ? [] : sdp.media;
}

function sourceOf(text: string): Source | { readonly wrong: string } {
  if (Object.hasOwn(sources, text)) return sources[text]!;
  if (text === 'sdp' || text.startsWith('sdp.')) {
    const media = text === 'sdp' ? undefined : text.slice(4);
    return (draft) => linesOf(draft, media);
  }
  const part = readPart(text);
  if ('wrong' in part)
    return { wrong: `${part.wrong}; besides there are ${Object.keys(sources).join(', ')}, sdp and sdp.audio` };
  return (draft) => valuesOf(part, draft);
}

export interface CompiledCondition {
  readonly holds: Condition;
  /** That later values may ask for. */
  readonly groups: number;
}

/** `at`: the key that is wrong. */
export function compileCondition(
  condition: ManipulationCondition,
): CompiledCondition | { readonly wrong: string; readonly at: 'part' | 'pattern' } {
  const source = sourceOf(condition.part);
  if ('wrong' in source) return { ...source, at: 'part' };
  switch (condition.kind) {
    case 'present':
      return { holds: (draft, facts) => source(draft, facts).length > 0, groups: 0 };
    case 'absent':
      return { holds: (draft, facts) => source(draft, facts).length === 0, groups: 0 };
    case 'matches':
    case 'not': {
      const pattern = Pattern.compile(condition.pattern);
      if ('wrong' in pattern) return { ...pattern, at: 'pattern' };
      if (condition.kind === 'not')
        return { holds: (draft, facts) => !source(draft, facts).some((value) => pattern.test(value)), groups: 0 };
      return {
        groups: pattern.groups,
        holds: (draft, facts, captured) => {
          for (const value of source(draft, facts)) {
            const match = pattern.match(value, 0);
            if (!match) continue;
            captured.push({ value, match });
            return true;
          }
          return false;
        },
      };
    }
  }
}
