export * from './live-state.ts';
