import { type CodeEntry, warning } from './codes-entry.ts';

const plan = (...rules: string[]) =>
  `dial-plans:\n  - name: global\n    rules:\n${rules.map((rule) => `      - { ${rule} }\n`).join('')}`;
const any = "name: any, pattern: '(\\d+)', to: '+4930$1'";
const extension = "name: extension, pattern: '(\\d{3})', to: '+4930123$1'";

/** 13xx: doubts about numbers, and about who outside is asked of them. The file can be used. */
export const numberDoubtCodes = {
  'TDM-1321': warning({
    title: 'A rule on numbers that never applies',
    cause:
      'Rules are tried from the top, and the first that fits decides: one above it takes every number that it is for.',
    cure: 'Put the rule that is for fewer numbers first, or remove it.',
    example: { wrong: plan(any, extension), right: plan(extension, any) },
  }),
  'TDM-1322': warning({
    title: 'Somebody outside who is asked in clear',
    cause:
      'Whoever is on the way to the service can answer in its place, and send calls where they cost; and reads who calls whom.',
    cure: 'Ask it by `https`, with `trust` where its certificate is of your own authority.',
    example: {
      wrong: 'decisions: { service: "http://decide.example/calls" }\n',
      right: 'decisions: { service: "https://decide.example/calls" }\n',
    },
  }),
} as const satisfies Record<string, CodeEntry>;
