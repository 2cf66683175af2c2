import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMessage, StreamFramer } from '#codec/sip-message';
import { type TortureMessage, tortureMessages } from './torture/messages.ts';

const verdictOf = (octets: string): string => {
  const message = parseMessage(octets);
  if (message.kind !== 'fault') return 'accept';
  return message.message === undefined ? 'drop' : `refuse ${message.status}`;
};

describe('messages of our own that make the points of RFC 4475', () => {
  test('there is one for each of its 49, once', () => {
    expect(tortureMessages.length).toBe(49);
    expect(new Set(tortureMessages.map((torture) => torture.name)).size).toBe(49);
    expect(new Set(tortureMessages.map((torture) => torture.section)).size).toBe(49);
  });

  test.each(tortureMessages)('$section $name: $verdict', ({ octets, verdict, reads }) => {
    expect(verdictOf(octets)).toBe(verdict);
    expect(reads !== undefined).toBe(verdict === 'accept');
    const message = parseMessage(octets);
    if (message.kind === 'fault' || reads === undefined) return;
    for (const [what, [actual, wanted]] of Object.entries(reads(message))) expect(actual, what).toEqual(wanted);
  });

  test.each(tortureMessages.filter(({ octets }) => verdictOf(octets).startsWith('refuse')))(
    '$name: the refusal can be addressed and echoes what is there',
    ({ octets }) => {
      const fault = parseMessage(octets);
      if (fault.kind !== 'fault' || fault.message === undefined) throw new Error('not refused');
      const { message } = fault;
      expect(message.via.host).toMatch(/^[a-z0-9.-]+$/);
      expect(message.all('via').length).toBeGreaterThan(0);
      expect(message.get('cseq')).toBeDefined();
      for (const { value } of message.fields()) expect(value).not.toMatch(/[\r\n]/);
    },
  );

  test('a stream ends with the two of them that hide the next message', () => {
    for (const name of ['ncl', 'mcl01']) {
      const framer = new StreamFramer();
      const items = framer.push(tortureMessages.find((torture) => torture.name === name)!.octets);
      expect(items.map((item) => item.kind)).toEqual(['fault']);
      const head = items[0]!.kind === 'fault' ? items[0]!.octets! : '';
      expect(verdictOf(head)).toBe('refuse 400');
      expect(framer.push('OPTIONS')).toEqual([]);
    }
  });
});

/** A row of docs/rfc4475.md. */
function row({ section, name, point, expected, verdict, note }: TortureMessage): string {
  return `| ${section} | ${name} | ${point} | ${expected} | ${verdict} | ${note} |`;
}

test('docs/rfc4475.md says the same', () => {
  const doc = readFileSync(new URL('../../docs/rfc4475.md', import.meta.url), 'utf8');
  const rows = doc.split('\n').filter((line) => /^\| 3\./.test(line));
  expect(rows).toEqual(tortureMessages.map(row));
});

const folder = process.env.TANDEM_RFC4475;
describe.skipIf(folder === undefined)(
  `the messages of RFC 4475 themselves${folder === undefined ? ' (skipped: TANDEM_RFC4475 names no folder with its .dat files)' : ''}`,
  () => {
    test.each(tortureMessages)('$name.dat has the verdict of ours', ({ name, verdict }) => {
      const file = join(folder!, `${name}.dat`);
      expect(existsSync(file), file).toBe(true);
      expect(verdictOf(readFileSync(file, 'latin1'))).toBe(verdict);
    });
  },
);
