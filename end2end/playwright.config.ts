// The browser tests. `make test` sets the environment: the Chromium to drive and the program under test.
import { defineConfig, devices } from "@playwright/test";

const chromium = {
  executablePath: process.env.PLIMSOLL_LAB_CHROMIUM,
  args: [
    "--no-sandbox",
    // nothing but the page itself may ask the network
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
  ],
};

/** Shared machines are slow at times: `make ci` says how much slower may be. */
const slack = Math.min(Number(process.env.PLIMSOLL_TEST_SLACK ?? 1), 4);

/** What depends on the size of the screen; the rest is tried on the desktop alone. */
const sized = /(page|plain|look)\.spec\.ts/;

export default defineConfig({
  testDir: "tests",
  outputDir: "results/failed",
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 1,
  timeout: 30_000 * slack,
  expect: { timeout: 5_000 * slack },
  globalTimeout: 20 * 60_000,
  use: { launchOptions: chromium, screenshot: "only-on-failure", locale: "en-GB", timezoneId: "UTC" },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 }, launchOptions: chromium } },
    {
      name: "phone",
      testMatch: sized,
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 }, launchOptions: chromium },
    },
  ],
});
