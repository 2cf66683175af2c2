export { LocationClient, type LocationClientOptions } from './location-client.ts';
