export { signature, signatureHeader, timestampHeader } from './signed-post.ts';
