export { CurrentReader } from './current-reader.ts';
export type { RecordFilter } from './filter.ts';
export * from './reader.ts';
export * from './record-store.ts';
export { NewerRecords, recordsFormat } from './schema.ts';
export type { RecordPlace } from './search.ts';
export type { Delays, MinuteSum, Statistics, StatisticsQuestion, Sums } from './statistics.ts';
