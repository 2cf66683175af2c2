export { choosePacketLoop } from './packet-io/index.ts';
export type { MediaProcessSettings } from './settings.ts';
