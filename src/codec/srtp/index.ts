export { type AesBlocks, type GcmOpener, type GcmSealer, type SrtpCiphers, srtpWorkSize } from './ciphers.ts';
export { readSdesKey, type SdesKey, type SrtpMasterKey, sameMasterKey } from './master-key.ts';
export { SrtpReceiver } from './receiver.ts';
export { refusal } from './refusal.ts';
export { SrtpSender } from './sender.ts';
export { maxSources } from './sources.ts';
export { type SrtpSuite, srtpSuite, srtpSuites } from './suite.ts';
export { srtpOverhead } from './transform.ts';
