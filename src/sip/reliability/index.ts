export { type Acknowledged, acknowledgedBy, formatAcknowledged, lists, optionTag, sequenceOf } from './fields.ts';
export { type Place, ProvisionalOrder } from './provisional-order.ts';
export { maxWaiting, ReliableResponses, type ReliableUser } from './reliable-responses.ts';
