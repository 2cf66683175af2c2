import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filesOfExamples } from './files.testing.ts';
import { told } from './organisation.testing.ts';

const page = readFileSync(new URL('../../../docs/management.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);
const files = await filesOfExamples();
const text = (name: string) => files.read(`/etc/tandem/${name}`).text!;

test.each(examples)('an example of docs/management.md is sound: %s', (example) => {
  const sites = example.includes('sites:') ? 'sites: [{ name: berlin }]\n' : '';
  // The certificate of the other examples bears another name.
  const own = example.replace('tandem.example.com', 'sbc.example.com');
  const lists = {
    '/etc/tandem/web.pem': text('sbc.pem'),
    '/etc/tandem/web.key': text('sbc.key'),
    '/etc/tandem/oidc-secret': text('password'),
  };
  expect(told(own + sites, lists)).toEqual([]);
});

test('has examples of each way', () => {
  expect(examples).toHaveLength(8);
});
