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

export default defineConfig({
  testDir: "tests",
  outputDir: "results",
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 1,
  timeout: 30_000,
  globalTimeout: 20 * 60_000,
  use: { launchOptions: chromium, trace: "retain-on-failure" },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"], launchOptions: chromium } },
    {
      name: "phone",
      use: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 }, launchOptions: chromium },
    },
  ],
});
