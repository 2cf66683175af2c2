export * from './reader.ts';
export * from './record-store.ts';
export { NewerRecords, recordsFile } from './schema.ts';
