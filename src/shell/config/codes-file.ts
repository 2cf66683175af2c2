// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${NAME}` is what the configuration file says, not a template.
import { type CodeEntry, error } from './codes-entry.ts';

/** 10xx: the file as a whole. */
export const fileCodes = {
  'TDM-1001': error({
    title: 'The file cannot be read',
    cause: 'The path does not lead to a file, or its permissions keep this user from reading it.',
    cure: 'Check the path and the permissions of the file and its directories.',
  }),
  'TDM-1002': error({
    title: 'The file is not YAML',
    cause:
      'A line breaks the rules of YAML 1.2, so that what follows cannot be understood. What is told is the first such error: those behind it mostly follow from it.',
    cure: 'Correct the line: look for a missing colon, quote or bracket, and for indentation that does not line up.',
    example: { wrong: 'routes:\n  - name: [outbound\n', right: 'routes:\n  - name: outbound\n    to: itsp-a\n' },
  }),
  'TDM-1003': error({
    title: 'A key is given twice',
    cause: 'Only one of the two could count, and which one is not for us to guess.',
    cure: 'Remove one of the two, or make them one.',
    example: {
      wrong: 'records:\n  path: ./data\n  path: /var/lib/tandem\n',
      right: 'records:\n  path: /var/lib/tandem\n',
    },
  }),
  'TDM-1004': error({
    title: 'The file is empty',
    cause: 'It holds nothing but white space and comments.',
    cure: 'Begin with one of the examples: a configuration has at least listeners, trunks and routes.',
    example: {
      wrong: '# to be written\n',
      right:
        'listeners:\n  - name: all\n    bind: 192.0.2.5\ntrunks:\n  - name: pbx\n    kind: ip-pbx\n    addresses: 192.0.2.20\nroutes:\n  - name: all\n    to: pbx\n',
    },
  }),
  'TDM-1005': error({
    title: 'YAML that has no place in a configuration',
    cause:
      'The file uses a part of YAML that a configuration does not need: several documents, a key that is a list or a map, or aliases that stand for nothing or grow without end.',
    cure: 'Write one plain document of keys, lists and values.',
    example: { wrong: 'records:\n  ? [path]\n  : ./data\n', right: 'records:\n  path: ./data\n' },
  }),
  'TDM-1006': error({
    title: 'An environment variable is not set',
    cause: '`${NAME}` takes the value of an environment variable, and the environment has no such variable.',
    cure: 'Set the variable, or give a default: ${NAME:-default}.',
    example: { wrong: 'records:\n  path: ${TANDEM_RECORDS}\n', right: 'records:\n  path: ${TANDEM_RECORDS:-./data}\n' },
  }),
  'TDM-1007': error({
    title: 'A reference to a variable is malformed',
    cause:
      'A `${` begins something that is neither ${NAME} nor ${NAME:-default}. A name is made of letters, digits and underscores; a default holds no other reference.',
    cure: 'Write ${NAME} or ${NAME:-default}; for a literal ${ write $${.',
    example: { wrong: 'records:\n  path: ${DATA-./data}\n', right: 'records:\n  path: ${DATA:-./data}\n' },
  }),
} as const satisfies Record<string, CodeEntry>;
