export { Engine, type EngineOptions } from './engine.ts';
export * from './ports/index.ts';
