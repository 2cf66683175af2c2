import { expect, test } from 'vitest';
import { readConfiguration } from '#shell/config';
import { callFacts } from './check-trunk-calls.ts';

test('whose reports on voice quality are taken, and who is told of ours', () => {
  const loaded = readConfiguration(new URL('../../examples/quality.yaml', import.meta.url).pathname, {});
  const facts = loaded.ok ? loaded.configuration.trunks.map((trunk) => new Map(callFacts(trunk)).get('quality')) : [];
  const to = 'its reports are taken; ours go to sip:vq@10.0.0.20;transport=tcp: at the end of a call';
  expect(facts).toEqual([to, `${to}, every 1m, from 3 % loss on, from 40 ms jitter on, from 300 ms there and back on`]);
});
