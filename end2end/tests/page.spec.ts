// The page once the browser's program has taken it over.
import { demo, type Plimsoll } from "../plimsoll";
import { live, row, rows, within } from "../page";
import { expect, test } from "../test";

let plimsoll: Plimsoll;
test.beforeAll(async () => {
  plimsoll = await demo();
});
test.afterAll(async () => {
  await plimsoll?.stop();
});

test("the program takes over what the server rendered", async ({ page }) => {
  const shown = new Promise<string>((resolve) => page.once("domcontentloaded", () => resolve(page.locator("main").innerHTML())));
  await page.goto(plimsoll.url);
  await live(page);
  const strip = (html: string) => html.replace(/<!--.*?-->|<!>/g, "");
  expect(strip(await page.locator("main").innerHTML())).toBe(strip(await shown));
  await expect(page.locator("li.image")).toHaveCount(25);
});

test("the tab counts what is behind", async ({ page }) => {
  await page.goto(plimsoll.url);
  await live(page);
  const counts = await page.locator(".chip").filter({ hasText: /major|minor|patch|rebuilt|recreate/ }).locator("b").allTextContents();
  const behind = counts.reduce((sum, each) => sum + Number(each), 0);
  expect(behind).toBeGreaterThan(0);
  await expect(page).toHaveTitle(`(${behind}) Plimsoll`);
  await expect(page.locator("link[rel=icon]")).toHaveAttribute("href", /^data:image\/svg\+xml,/);
});

test("search and filters change the list at once and live in the address", async ({ page }) => {
  await page.goto(plimsoll.url);
  await live(page);
  await page.locator("body").press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("immich");
  await expect(page.locator("li.image")).toHaveCount(4);
  await expect(page).toHaveURL(`${plimsoll.url}/?q=immich`);
  await page.locator(".chip", { hasText: "rebuilt" }).click();
  await expect(page).toHaveURL(`${plimsoll.url}/?show=rebuilt&q=immich`);
  await expect(page.locator("li.image")).toHaveCount(1);

  await page.reload();
  await live(page);
  expect(await rows(page)).toEqual(["ghcr.io/immich-app/immich-server:release rebuilt"]);
  await expect(page.getByRole("searchbox")).toHaveValue("immich");

  await page.goBack();
  await expect(page).toHaveURL(`${plimsoll.url}/?q=immich`);
  await expect(page.locator("li.image")).toHaveCount(4);
  await page.goForward();
  await expect(page.locator("li.image")).toHaveCount(1);

  await page.locator(".chip", { hasText: "rebuilt" }).click();
  await page.getByRole("searchbox").press("Escape");
  await expect(page.getByRole("searchbox")).toHaveValue("");
  await expect(page.locator("li.image")).toHaveCount(25);
  await expect(page).toHaveURL(`${plimsoll.url}/`);
});

test("grouping by stack and host makes sections", async ({ page }) => {
  await page.goto(plimsoll.url);
  await live(page);
  await page.getByRole("link", { name: "Stack", exact: true }).click();
  await expect(page.locator("h2", { hasText: "immich" })).toBeVisible();
  await expect(page.locator("h2", { hasText: "No stack" })).toBeVisible();
  await page.getByRole("link", { name: "Host", exact: true }).click();
  await expect(page.locator("h2")).toHaveText(/^harbour/);
  await expect(page).toHaveURL(`${plimsoll.url}/?by=host`);
});

test("the keyboard reaches everything in the order of the page", async ({ page }) => {
  await page.goto(plimsoll.url);
  await live(page);
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute("aria-label"));
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the content");
  const order: string[] = [];
  for (let n = 0; n < 24; n++) {
    await page.keyboard.press("Tab");
    order.push((await focused()) ?? "");
    if (await page.evaluate(() => document.activeElement?.matches("summary"))) break;
  }
  const at = (text: RegExp) => order.findIndex((each) => text.test(each));
  const stops = [/^Plimsoll$/, /^Colours/, /^Check now$/, /rebuilt$/, /^Search/, /^Stack$/, /grafana/].map(at);
  expect(stops, order.join(" | ")).toEqual([...stops].sort((a, b) => a - b));
  expect(stops).not.toContain(-1);

  const first = page.locator("li.image").first();
  await page.keyboard.press("Enter");
  await expect(first.locator(".containers")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(first.getByRole("link").first()).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(first.locator(".containers")).toBeHidden();
});

test("an open row stays open and focused while a check goes over it", async ({ page }) => {
  await page.goto(plimsoll.url);
  await live(page);
  const summary = row(page, "redis").locator("summary.row");
  await summary.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.locator(".sub")).toHaveText(/^Checking: \d+ of \d+ images/);
  await expect(page.getByRole("banner").getByRole("button", { name: /^(Checking…|\d+ of \d+)$/ })).toHaveAttribute("aria-disabled", "true");
  await expect(row(page, "recipes")).toHaveClass(/checking/);
  await expect(page.locator(".sub")).toHaveText(/^Checked just now/, { timeout: within(10_000) });
  await expect(page.getByRole("button", { name: "Check now" })).toHaveAttribute("aria-disabled", "false");
  await expect(row(page, "redis").locator(".containers")).toBeVisible();
  await expect(page).toHaveURL(`${plimsoll.url}/`);
});

test("the chosen colours survive a reload, and no other ones flash up", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      if (document.body) seen.push(getComputedStyle(document.body).backgroundColor);
      if (seen.length < 30) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(plimsoll.url);
  await live(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: /^Colours: as the system/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const dark = await ground();
  expect(dark).not.toBe(light);

  await page.reload();
  await live(page);
  await expect.poll(() => page.evaluate(() => (window as unknown as { seen: string[] }).seen.length)).toBe(30);
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect([...new Set(seen)].filter((each) => each !== "rgba(0, 0, 0, 0)")).toEqual([dark]);
  await expect(page.getByRole("button", { name: /^Colours: dark/ })).toBeVisible();
});

test("an image's page is live too, and leads back", async ({ page }) => {
  await page.goto(plimsoll.url);
  await live(page);
  const immich = row(page, "immich-server");
  await immich.locator("summary.row").click();
  await immich.getByRole("link", { name: "Open its page" }).click();
  await live(page);
  await expect(page).toHaveTitle(/ghcr\.io\/immich-app\/immich-server:release · Plimsoll$/);
  await expect(page.locator(".steps li").first()).toContainText("HEAD");
  await expect(page.getByText("https://github.com/immich-app/immich", { exact: true })).toBeVisible();
  await expect(page.locator("dd code", { hasText: "ghcr.io/immich-app/immich-server:release" })).toBeVisible();
  await page.getByRole("link", { name: "All images" }).click();
  await expect(page.locator("li.image")).toHaveCount(25);
  await page.goBack();
  await expect(page.locator("h1")).toHaveText("ghcr.io/immich-app/immich-server:release");
});
