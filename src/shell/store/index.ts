export * from './reader.ts';
export * from './record-store.ts';
export { NewerRecords } from './schema.ts';
