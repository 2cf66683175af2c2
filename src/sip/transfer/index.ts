export { type BadRefer, noSubscriptionTag, type Refer, readRefer, replacesTag } from './refer.ts';
export { formatReplaces, parseReplaces, type Replaces } from './replaces.ts';
