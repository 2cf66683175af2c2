export * from './live-state.ts';
export { DirectoryInUse } from './lock.ts';
