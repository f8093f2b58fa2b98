import { defineConfig } from 'vitest/config'

// Where a script wants the counts: a file of that name gets them as JSON.
const counts = process.env['TEST_REPORT']

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'suites/**/*.test.ts', 'scripts/**/*.test.ts'],
    coverage: { include: ['src/**', 'suites/**'], reporter: ['text-summary', 'html'] },
    reporters: counts ? ['default', ['json', { outputFile: counts }]] : ['default'],
  },
})
