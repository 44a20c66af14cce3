import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/global-setup.ts'],
    setupFiles: ['tests/setup.ts'],
    // a hang is found by these alone: nothing in a test compares clocks to say that something was quick
    testTimeout: 120_000,
    expect: { poll: { timeout: 40_000 } },
    hookTimeout: 120_000,
    maxWorkers: 2,
    // CI runs on machines that others share: one bad moment is no verdict, and what wavered is named
    ...(process.env.CI ? { retry: 1, reporters: ['./tests/second-try.ts', 'default'] } : {}),
    env: { APP_ENV: 'test', LOG_LEVEL: 'silent' },
  },
});
