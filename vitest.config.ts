import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** With processes, sockets, browsers and clocks of the machine. The others have nothing that could make them fail once and pass the next time. */
const real = ['test/{console,contract,interop}/**/*.test.ts', 'lab/**/*.test.ts', 'src/cli/**/*.test.ts'];

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['{src,test,profiles}/**/*.test.ts', 'console/src/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...real],
          // First, and on all processors.
          sequence: { groupOrder: 0 },
          maxWorkers: availableParallelism(),
        },
      },
      // A machine that stalls for a second shall not decide; what was tried twice is said.
      {
        extends: true,
        test: {
          name: 'real',
          include: real,
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
