import { logEvents } from './events.ts';

const usage = `# The log

One JSON object a line on stderr, of all three processes alike:

\`\`\`json
{"level":"warn","time":"2026-11-23T14:47:05.344Z","process":"signalling","event":"trunk","trunk":"itsp","state":"down","because":"no answer to OPTIONS"}
\`\`\`

| field | |
|---|---|
| \`level\` | \`debug\`, \`info\`, \`warn\`, \`error\`; \`fatal\`: the process ends |
| \`time\` | RFC 3339, UTC, milliseconds |
| \`process\` | \`signalling\`, \`media\`, \`management\` |
| \`event\` | one of the table below: what programs look for |
| \`call\` | the id of the call, wherever it is about one: the same as in its record, its trace and the API |
| others | as the table has them; absent where there is nothing to say |

Secrets are never in it. What the supervisor says to the operator (\`tandem: …\`) is text, for people. A line is written at once and nobody waits for it: who does not read
loses lines, and is told how many.

\`TANDEM_LOG=debug tandem run …\` sets what is written from the start: \`debug\`, \`info\` (unless given), \`warn\`, \`error\`. While the program runs:

    PUT /api/v1/log-level   {"level":"debug","process":"signalling"}

Without \`process\` it is for all. It holds until the program ends, also for a process that is started again, and \`GET\` tells how it is.
`;

const names = { all: 'each', signalling: 'signalling', media: 'media', management: 'management' } as const;

/** docs/logs.md. */
export function logManual(): string {
  const rows = Object.entries(logEvents)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { process, levels, fields, help }]) => {
      const named = fields.map((field) => `\`${field}\``).join(', ');
      return `| \`${name}\` | ${levels.join(', ')} | ${names[process]} | ${named} | ${help} |\n`;
    });
  return `${usage}\n## Events\n\n| event | level | process | fields | |\n|---|---|---|---|---|\n${rows.join('')}`;
}
