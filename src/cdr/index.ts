export * from './describe.ts';
export type { ReceivedReport } from './received-report.ts';
export * from './record.ts';
