export { type KeptTrace, type TraceQuery, TraceStore, type TraceSummary } from './trace-store.ts';
