// The whole way on a real Engine and a real registry: push, run, push again, see it in every open page.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devices, type Page } from "@playwright/test";
import { NO_LAB, REGISTRY, Registry, Way, engine, push, remove, run } from "../lab";
import { live, row, within } from "../page";
import { checked, start, type Plimsoll } from "../plimsoll";
import { expect, test } from "../test";

test.skip(!!NO_LAB, NO_LAB);

const IMAGE = `${REGISTRY}/end2end/app`;
/** The same registry by another name: a push from elsewhere, of which this Engine knows nothing under the first name. */
const ELSEWHERE = `${REGISTRY.replace("127.0.0.1", "localhost")}/end2end/app`;

test.describe("the fleet", () => {
  // the server is stopped on purpose
  test.use({ forgiven: /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/ });
  let folder: string;
  let way: Way;
  let plimsoll: Plimsoll;

  test.beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plimsoll-way-"));
    way = new Way(join(folder, "docker.sock"));
    await way.start();
    await remove("app-1", "app-2", "app-3");
    await push(IMAGE, "1", `first ${Date.now()}`);
    await run("app-1", `${IMAGE}:1`);
    plimsoll = await start(["serve"], { DOCKER_HOST: `unix://${way.path}` });
    await checked(plimsoll);
  });
  test.afterEach(async () => {
    await plimsoll?.stop();
    way?.stop();
    await remove("app-1", "app-2", "app-3");
    rmSync(folder, { recursive: true, force: true });
  });

  /** Two tabs and a phone. */
  async function open(first: Page): Promise<Page[]> {
    const second = await first.context().newPage();
    const browser = first.context().browser();
    const phone = await (await browser!.newContext({ ...devices["Pixel 7"], viewport: { width: 390, height: 844 } })).newPage();
    const pages = [first, second, phone];
    for (const page of pages) {
      await page.goto(plimsoll.url);
      await live(page);
    }
    return pages;
  }
  const all = (pages: Page[], expectation: (page: Page) => Promise<void>) => Promise.all(pages.map(expectation));

  test("a push under the same tag is seen within two seconds of a check, everywhere", async ({ page }) => {
    const pages = await open(page);
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".level").first()).toHaveText("up to date"));
    await all(pages, (each) => expect(each.locator("h1")).toHaveText("The only image is up to date."));

    await push(ELSEWHERE, "1", "second");
    await pages[1].getByRole("button", { name: "Check now" }).click();
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".row .level")).toHaveText("rebuilt", { timeout: within(2_000) }));
    await all(pages, (each) => expect(each).toHaveTitle("(1) Plimsoll"));
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".from")).toHaveText(/^[0-9a-f]{6}$/));
    await pages[0].screenshot({ path: "results/live-rebuilt.png" });

    // the new image comes to the host: what runs is still the old one
    await engine("POST", `/images/create?fromImage=${encodeURIComponent(IMAGE)}&tag=1`);
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".row .level")).toHaveText("recreate", { timeout: within(2_000) }));

    // recreated by hand, it runs the newest
    await remove("app-1");
    await run("app-1", `${IMAGE}:1`);
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".row .level")).toHaveText("up to date", { timeout: within(2_000) }));
    await pages[2].context().close();
  });

  test("containers come and go within a second", async ({ page }) => {
    const pages = await open(page);
    await run("app-2", `${IMAGE}:1`);
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".where")).toHaveText("2 containers", { timeout: within(1_000) }));
    await remove("app-2");
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".where")).toHaveText("app-1", { timeout: within(1_000) }));
    await engine("POST", "/containers/app-1/kill");
    await all(pages, (each) => expect(each.locator("h1")).toHaveText("No container runs here. Start one, and it appears by itself.", { timeout: within(1_000) }));
    await engine("POST", "/containers/app-1/start");
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".where")).toHaveText("app-1", { timeout: within(1_000) }));
    await pages[2].context().close();
  });

  test("an Engine that stops is told of, and comes back by itself", async ({ page }) => {
    await page.goto(plimsoll.url);
    await live(page);
    way.stop();
    const note = page.locator(".note.trouble");
    await expect(note).toContainText(/was lost just now|No Engine answers/, { timeout: within(3_000) });
    await expect(row(page, "end2end/app")).toBeVisible();
    await page.screenshot({ path: "results/live-engine-lost.png" });
    await run("app-2", `${IMAGE}:1`);
    await way.start();
    await expect(note).toBeHidden({ timeout: within(8_000) });
    await expect(row(page, "end2end/app").locator(".where")).toHaveText("2 containers");
  });

  test("open pages outlive a restart of Plimsoll", async ({ page }) => {
    const pages = await open(page);
    await plimsoll.end();
    await all(pages, (each) => expect(each.locator(".banner")).toContainText("Connection lost", { timeout: within(6_000) }));
    await pages[0].screenshot({ path: "results/live-connection-lost.png" });
    await pages[2].screenshot({ path: "results/live-connection-lost-phone.png" });
    await run("app-2", `${IMAGE}:1`);
    await plimsoll.again();
    await all(pages, (each) => expect(each.locator(".banner")).toBeHidden({ timeout: within(10_000) }));
    await all(pages, (each) => expect(row(each, "end2end/app").locator(".where")).toHaveText("2 containers"));
    await all(pages, live);
    await pages[2].context().close();
  });
});

test("with a registry that never answers the page is there at once and says that it is asking", async ({ page }) => {
  const registry = await Registry.start();
  await remove("app-1", "app-2", "app-3");
  let plimsoll: Plimsoll | undefined;
  try {
    await push(`${registry.name}/end2end/silent`, "1", "silent");
    await run("app-1", `${registry.name}/end2end/silent:1`);
    registry.fallSilent();
    plimsoll = await start(["serve"], { DOCKER_HOST: process.env.PLIMSOLL_LAB_DOCKER ?? "", PLIMSOLL_CHECK_TIMEOUT: "5s" });
    expect(plimsoll.first().status).toBe(200);
    expect(plimsoll.first().took).toBeLessThan(within(500));
    await page.goto(plimsoll.url);
    await expect(row(page, "end2end/silent")).toHaveClass(/checking/);
    await expect(row(page, "end2end/silent").locator(".age")).toHaveText("checking…");
    await expect(page.locator(".sub")).toHaveText("Checking: 0 of 1 image");
    await page.screenshot({ path: "results/live-silent.png" });
    await expect(row(page, "end2end/silent").locator(".reason")).toHaveText(`${registry.name} did not answer within 5 s.`, { timeout: within(10_000) });
  } finally {
    await plimsoll?.stop();
    registry.stop();
    await remove("app-1");
  }
});

test.describe("an early visitor", () => {
  test("sees the page of an image as soon as the first list is there", async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), "plimsoll-way-"));
    const way = new Way(join(folder, "docker.sock"));
    let open = () => {};
    await way.start(new Promise((opened) => (open = opened)));
    await push(IMAGE, "early", `early ${Date.now()}`);
    await run("early-1", `${IMAGE}:early`);
    const plimsoll = await start(["serve"], { DOCKER_HOST: `unix://${way.path}` });
    try {
      await page.goto(`${plimsoll.url}/image/${IMAGE}:early`);
      await expect(page.locator("h1")).toHaveText("Looking for containers…");
      await live(page);
      open();
      await expect(page.locator("h1")).toContainText("end2end/app");
    } finally {
      await plimsoll.stop();
      way.stop();
      await remove("early-1");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
