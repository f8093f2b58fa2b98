import { defineConfig } from 'vitest/config'

// Where a script wants the counts: a file of that name gets them as JSON.
const counts = process.env['TEST_REPORT']

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'suites/**/*.test.ts', 'scripts/**/*.test.ts'],
    coverage: { include: ['src/**', 'suites/**'], reporter: ['text-summary', 'html'] },
    // A test that hangs is ended by this; none is judged by its time, on however busy a machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: counts ? ['default', ['json', { outputFile: counts }]] : ['default'],
  },
})
