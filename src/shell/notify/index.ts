export { Notifier } from './notifier.ts';
export { signature, signatureHeader, timestampHeader } from './webhook.ts';
