export { urlFault } from './address.ts';
export { type Posted, Poster, type Posting } from './post.ts';
export {
  type Delivery,
  type DeliveryState,
  type Health,
  type Known,
  type Message,
  queueLimits,
  type Try,
  WebhookQueue,
} from './queue.ts';
export { idHeader, signatureHeader, signatures, timestampHeader } from './signature.ts';
