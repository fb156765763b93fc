// How pages look and feel: nothing reaches out of a narrow page, fingers hit what they aim at, everything has a name and enough
// contrast, in both themes. The pictures in results/ are for people to look at.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { demo, type Plimsoll } from "../plimsoll";
import { live, row, sideways, small } from "../page";
import { expect, test } from "../test";

let plimsoll: Plimsoll;
let guarded: Plimsoll;
test.beforeAll(async () => {
  plimsoll = await demo();
  guarded = await demo({ PLIMSOLL_USER: "maren", PLIMSOLL_PASSWORD: "load line", PLIMSOLL_ANONYMOUS: "viewer" });
});
test.afterAll(async () => {
  await plimsoll?.stop();
  await guarded?.stop();
});

interface View {
  name: string;
  path: string;
  at?: () => Plimsoll;
  /** what is done before it is looked at */
  then?: (page: Page) => Promise<void>;
}

const views: View[] = [
  { name: "dashboard", path: "/", then: live },
  { name: "by-stack", path: "/?by=stack", then: live },
  { name: "filtered", path: "/?show=unknown", then: live },
  { name: "nothing", path: "/?q=kraken", then: live },
  {
    name: "open",
    path: "/",
    then: async (page) => {
      await live(page);
      for (const name of ["immich-server", "postgres", "household-ledger"]) await row(page, name).locator("summary.row").click();
    },
  },
  { name: "image", path: "/image/docker.io/library/postgres:16-alpine", then: live },
  { name: "image-unknown", path: "/image/ghcr.io/maren/household-ledger:latest", then: live },
  { name: "setup", path: "/setup?token=x" },
  { name: "login", path: "/login?error=wrong", at: () => guarded },
  { name: "visitor", path: "/", at: () => guarded, then: live },
];

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What keeps people from using the page, by the rules of WCAG and of good practice; or the contrast alone, which is what colours change. */
async function barriers(page: Page, contrast: boolean): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (contrast) => {
    interface Found {
      violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[];
    }
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<Found> } };
    const { violations } = await axe.run({ resultTypes: ["violations"], ...(contrast ? { runOnly: ["color-contrast"] } : {}) });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((each) => `${each.target} ${each.failureSummary}`).slice(0, 3).join(" | ")}`);
  }, contrast);
}

for (const { name, path, at, then } of views) {
  test(`${name} fits, can be hit and can be read`, async ({ page }, info) => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto((at?.() ?? plimsoll).url + path);
      await then?.(page);
      await page.screenshot({ path: `results/${name}-${info.project.name}-${scheme}.png`, fullPage: true });
      expect.soft(await barriers(page, scheme === "dark"), `${scheme}: barriers`).toEqual([]);
    }
    const phone = info.project.name === "phone";
    if (phone) expect.soft(await small(page), "too small for a finger").toEqual([]);
    for (const width of phone ? [390, 360, 320] : [1280, 1000, 768, 620]) {
      await page.setViewportSize({ width, height: 800 });
      expect.soft(await sideways(page), `at ${width} px`).toEqual({ by: 0, because: [] });
    }
  });
}

test("a page that nobody takes over looks the same", async ({ browser }, info) => {
  const context = await browser.newContext({ ...info.project.use, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(plimsoll.url);
  await page.screenshot({ path: `results/plain-${info.project.name}.png` });
  const height = () => page.locator(".images").evaluate((list) => list.getBoundingClientRect().top);
  const before = await height();
  await context.close();
  const other = await browser.newContext(info.project.use);
  const taken = await other.newPage();
  await taken.goto(plimsoll.url);
  await live(taken);
  expect(Math.abs((await taken.locator(".images").evaluate((list) => list.getBoundingClientRect().top)) - before)).toBeLessThan(2);
  await other.close();
});

// PICTURE=../docs/dashboard.png playwright test look --project desktop --grep README
if (process.env.PICTURE) {
  test("the picture of the README", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(plimsoll.url);
    await live(page);
    await page.screenshot({ path: process.env.PICTURE });
  });
}
