import { describe, expect, test } from 'vitest';
import { checkedFeatures } from '#engine/ports';
import { loadConfiguration } from './load.ts';
import { formatProblems } from './problems.ts';
import { profileManual } from './profile-pages.ts';

const manual = profileManual();

describe('the manual of profiles', () => {
  test('has every field that trunks are held to, marked', () => {
    const marked = [...manual.matchAll(/^\| `([a-z0-9.-]+)` \| .* \| yes \| /gm)].map(([, field]) => field);
    expect(marked.sort()).toEqual([...checkedFeatures].sort());
  });

  test('shows what really comes of its example', () => {
    const [, trunks] = /```yaml\n(trunks:[\s\S]*?)```/.exec(manual)!;
    const [, shown] = /```\n(tandem\.yaml:[\s\S]*?)```/.exec(manual)!;
    const text = `listeners:\n  - name: all\n    bind: 192.0.2.5\n${trunks}routes: []\n`;
    const loaded = loadConfiguration(text, { file: 'tandem.yaml', env: {} });
    expect(loaded.ok).toBe(false);
    if (!loaded.ok) expect(formatProblems(loaded.problems)).toContain(shown);
  });
});
