export type { Profile, ProfileEntity, ProfileOwn, Support } from './profile.ts';
export type { Violation } from './rule.ts';
export { checkedFeatures, violations } from './violations.ts';
