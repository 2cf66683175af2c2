export { choosePacketLoop } from './packet-io/index.ts';
export type { MediaProcessSettings } from './settings.ts';
export { chooseSrtpCiphers, type NamedCiphers } from './srtp-ciphers/index.ts';
