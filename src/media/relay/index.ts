export { type MediaInterfaceSetup, Relay, type RelayInspection } from './relay.ts';
