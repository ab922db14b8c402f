import { defineConfig } from '@playwright/test'
import { chromiumOptions } from '../support/chromium'
import { ADDRESSES } from './support/addresses'

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  // Stories wait more than they reckon: three at a time on two cores. Each worker has a relay, a wallet and a market of its own, each story its own people.
  workers: 3,
  fullyParallel: true,
  forbidOnly: true,
  retries: process.env['CI'] ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  outputDir: '../../reports/e2e-results',
  globalSetup: './support/global-setup.ts',
  reporter: [['list'], ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? '../../reports/e2e.json' }]],
  use: {
    baseURL: ADDRESSES.app,
    launchOptions: chromiumOptions(),
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
    testIdAttribute: 'data-test',
  },
})
