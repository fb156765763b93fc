// An update on a real Engine from a real registry, as everybody who looks sees it.
import { randomBytes } from "node:crypto";
import { devices, type Browser, type Page } from "@playwright/test";
import { NO_LAB, REGISTRY, Registry, engine, forget, push, remove, run } from "../lab";
import { live, row, sideways, small, within } from "../page";
import { checked, start, type Plimsoll } from "../plimsoll";
import { expect, test } from "../test";

test.skip(!!NO_LAB, NO_LAB);

/** As the registry itself is called: what is pushed under it is news under the other name. */
const OWN = `${REGISTRY}/end2end/update`;
const NAME = "end2end/update";
const BIG = 6 << 20;

let registry: Registry;
let image: string;
let plimsoll: Plimsoll;

test.beforeEach(async () => {
  registry = await Registry.start();
  image = `${registry.name}/${NAME}`;
  await remove("up-1", "up-2");
  await push(image, "1", "first");
  await run("up-1", `${image}:1`);
});
test.afterEach(async () => {
  await plimsoll?.stop();
  await remove("up-1", "up-2");
  registry?.stop();
});

/** A newer image under the same tag, of which this Engine knows nothing. */
async function release(content: string | Buffer, command?: string[]): Promise<void> {
  await push(OWN, "1", content, command);
  await forget(`${OWN}:1`);
}

async function serve(environment: Record<string, string> = {}): Promise<void> {
  const settings = { DOCKER_HOST: process.env.PLIMSOLL_LAB_DOCKER ?? "", PLIMSOLL_AUTH: "none", PLIMSOLL_UPDATE_GRACE: "1s" };
  plimsoll = await start(["serve"], { ...settings, ...environment });
  await checked(plimsoll);
}

const phone = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ ...devices["Pixel 7"], viewport: { width: 390, height: 844 } })).newPage();

const level = (page: Page) => row(page, NAME).locator(".row .level");
const button = (page: Page) => row(page, NAME).getByRole("button", { name: /^Update/ }).first();
const id = async (name: string): Promise<string> => (JSON.parse(await engine("GET", `/containers/${name}/json`)) as { Id: string }).Id;

test("every tab sees the layers arrive, a late one too, and the row is right when it ends", async ({ page, browser }) => {
  await release(randomBytes(BIG));
  await serve();
  const second = await page.context().newPage();
  const phoned = await phone(browser);
  const pages = [page, second, phoned];
  for (const each of pages) {
    await each.goto(plimsoll.url);
    await live(each);
    await expect(level(each)).toHaveText("rebuilt");
  }
  const before = await id("up-1");
  registry.slowDown(40_000);
  await button(page).click();
  const bar = (each: Page) => row(each, NAME).getByRole("progressbar").first();
  for (const each of pages) await expect(bar(each)).toBeVisible({ timeout: within(10_000) });

  // somebody who comes late, or reloads, sees the same
  const late = await page.context().newPage();
  await late.goto(`${plimsoll.url}/image/${image}:1`);
  await expect(late.locator(".layers li").first()).toBeVisible();
  await expect(late.locator(".stages li")).not.toHaveCount(0);
  const percent = async () => Number(await bar(second).getAttribute("value", { timeout: 1_000 }).catch(() => "100"));
  const first = await percent();
  await expect.poll(percent, { timeout: within(10_000) }).toBeGreaterThan(first);
  await page.screenshot({ path: "results/update-pulling.png" });
  await late.screenshot({ path: "results/update-pulling-image.png", fullPage: true });
  await phoned.screenshot({ path: "results/update-pulling-phone.png" });
  expect(await sideways(phoned)).toEqual({ by: 0, because: [] });
  expect(await small(phoned)).toEqual([]);
  registry.slowDown(0);

  for (const each of pages) {
    await expect(level(each)).toHaveText("up to date", { timeout: within(20_000) });
    await expect(row(each, NAME).locator(".ended .outcome")).toHaveText(/updated/i, { timeout: within(20_000) });
    await expect(row(each, NAME).getByRole("button", { name: /^Update/ })).toHaveCount(0);
  }
  expect(await id("up-1")).not.toBe(before);
  await page.screenshot({ path: "results/update-done.png" });
  await phoned.screenshot({ path: "results/update-done-phone.png" });

  await page.getByRole("link", { name: "History" }).click();
  await expect(page.locator(".journal li").first()).toContainText("up-1");
  await expect(page.locator(".journal li").first()).toContainText(/updated/i);
  await page.screenshot({ path: "results/update-history.png" });
  await phoned.context().close();
});

test("a new image that does not run is taken back, and the reason stays", async ({ page }) => {
  await run("up-2", `${image}:1`);
  await release("broken", ["sh", "-c", "exit 7"]);
  await serve();
  const before = await id("up-1");
  await page.goto(plimsoll.url);
  await live(page);
  await button(page).click();
  await expect(row(page, NAME).locator(".ended .outcome").first()).toHaveText(/rolled back/i, { timeout: within(25_000) });
  await expect(row(page, NAME).locator(".because").first()).toContainText("7");
  await page.reload();
  await expect(row(page, NAME).locator(".because").first()).toContainText("7");
  expect(await id("up-1")).toBe(before);
  await page.screenshot({ path: "results/update-rolled-back.png" });
  await page.goto(`${plimsoll.url}/image/${image}:1`);
  await page.screenshot({ path: "results/update-rolled-back-image.png", fullPage: true });
});

test("the automatic switch is kept over a restart", async ({ page }) => {
  await serve();
  await page.goto(`${plimsoll.url}/image/${image}:1`);
  await live(page);
  const automatic = page.getByRole("switch");
  await expect(automatic).toHaveAttribute("aria-checked", "false");
  await automatic.click();
  await expect(automatic).toHaveAttribute("aria-checked", "true");
  await plimsoll.end();
  await plimsoll.again();
  // what was found is remembered, what runs is not: it must be listed first
  const fleet = async () => (await fetch(`${plimsoll.url}/api/v1/fleet`)).text();
  await expect.poll(fleet, { timeout: within(10_000) }).toContain(NAME);
  await page.reload();
  await expect(page.getByRole("switch")).toHaveAttribute("aria-checked", "true");
  await page.screenshot({ path: "results/update-switch.png", fullPage: true });
});

test("who may not update is told what to do, and finds no button", async ({ page }) => {
  await release("second");
  await serve({ PLIMSOLL_AUTH: "password", PLIMSOLL_USER: "", PLIMSOLL_PASSWORD: "" });
  await page.goto(plimsoll.url);
  await live(page);
  await expect(level(page)).toHaveText("rebuilt");
  await expect(row(page, NAME).getByRole("button", { name: /^Update/ })).toHaveCount(0);
  await page.goto(`${plimsoll.url}/image/${image}:1`);
  await expect(page.locator(".operate")).toContainText("set a password first");
  const answer = await page.request.post(`${plimsoll.url}/update`, { form: { host: "any", name: "up-1" }, maxRedirects: 0 });
  expect(answer.status()).toBe(403);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false, forgiven: /preloaded using link preload but not used/ });

  test("Update is a form, and the page tells by itself how it goes", async ({ page }) => {
    await release(randomBytes(BIG));
    await serve();
    await page.goto(plimsoll.url);
    registry.slowDown(60_000);
    await button(page).click();
    await expect(page).toHaveURL(`${plimsoll.url}/`);
    await expect(page.locator('noscript meta[http-equiv="refresh"], meta[http-equiv="refresh"]')).toHaveCount(1);
    await page.screenshot({ path: "results/update-plain.png" });
    registry.slowDown(0);
    await expect(row(page, NAME).locator(".ended .outcome")).toHaveText(/updated/i, { timeout: within(25_000) });
  });
});
