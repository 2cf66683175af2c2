import type { Case } from '../harness.ts';
import { referenceStory } from '../reference/story.ts';

/** In network namespaces, which root alone may make. */
const isRoot = process.getuid?.() === 0;

const across: Case = {
  name: 'a call crosses telephone, registrar, mediation, VPN router, firewall, VPN router, SBC, softswitch and telephone; a scan from the provider’s side finds the trunk’s port alone, behind IPsec and behind GRE within it',
  limit: 300,
  async run() {
    await referenceStory();
  },
};

export const reference: readonly Case[] = isRoot ? [across] : [];
