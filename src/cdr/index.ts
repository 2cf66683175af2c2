export * from './describe.ts';
export * from './record.ts';
