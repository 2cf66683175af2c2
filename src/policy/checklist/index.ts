import type { Configuration } from '#policy/configuration';
import { callRules } from './calls.ts';
import { exchangeRules } from './exchange.ts';
import { helpRules } from './help.ts';
import { isolationRules } from './isolation.ts';
import type { CheckItem } from './item.ts';
import { siteRules } from './sites.ts';
import { topologyRules } from './topology.ts';

export type { CheckItem, CheckState } from './item.ts';

const rules = [...exchangeRules, ...isolationRules, ...topologyRules, ...siteRules, ...callRules, ...helpRules];

/** What must be so before people call over trunks: each item, and how it stands by the configuration. */
export function checklist(configuration: Configuration): readonly CheckItem[] {
  return rules.map(({ look, ...rule }) => ({ ...rule, ...look(configuration) }));
}
