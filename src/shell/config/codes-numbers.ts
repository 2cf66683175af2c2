import { type CodeEntry, error } from './codes-entry.ts';

const plan = (rule: string) => `dial-plans:\n  - name: global\n    rules:\n      - ${rule}\n`;

/** 12xx: rules on numbers. */
export const numberCodes = {
  'TDM-1236': error({
    title: 'A rule on numbers that cannot be',
    cause:
      'A rule is a `pattern` and what is written `to` in its place, `$1` for what the first of its groups held; or says in words how a number `starts`, its `length`, and what to `remove` and `add`.',
    cure: 'Give `pattern` and `to`, or `starts` and the keys that go with it.',
    example: {
      wrong: plan("{ name: extension, pattern: '\\d{3}', to: '+49891$1' }"),
      right: plan("{ name: extension, pattern: '(\\d{3})', to: '+49891$1' }"),
    },
  }),
} as const satisfies Record<string, CodeEntry>;
