export { CallMessages, type CallMessagesOptions } from './call-messages.ts';
export { HomerClient, type HomerClientOptions } from './homer-client.ts';
