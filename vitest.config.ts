import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    include: [
      'src/**/*.test.ts',
      'test/**/*.test.ts',
      'lab/**/*.test.ts',
      'profiles/**/*.test.ts',
      'console/src/**/*.test.ts',
    ],
    testTimeout: 20_000,
  },
});
