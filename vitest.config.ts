import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'suites/**/*.test.ts', 'scripts/**/*.test.ts'],
    coverage: { include: ['src/**', 'suites/**'], reporter: ['text-summary', 'html'] },
  },
})
