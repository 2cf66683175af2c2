export { MediaClient, type MediaClientOptions } from './media-client.ts';
