// Everything that can be read and asked for works without JavaScript.
import { demo, type Plimsoll } from "../plimsoll";
import { row, rows, within } from "../page";
import { expect, test } from "../test";

// the browser fetches the program ahead, and then may not use it
test.use({ javaScriptEnabled: false, forgiven: /preloaded using link preload but not used/ });

let plimsoll: Plimsoll;
test.beforeAll(async () => {
  plimsoll = await demo();
});
test.afterAll(async () => {
  await plimsoll?.stop();
});

test("every image stands there with its verdict in words", async ({ page }) => {
  await page.goto(plimsoll.url);
  await expect(page.locator("h1")).toHaveText(/^\d+ of 25 images have fallen behind\.$/);
  const shown = await rows(page);
  expect(shown).toHaveLength(25);
  for (const each of [
    "ghcr.io/immich-app/immich-server:release rebuilt",
    "jellyfin/jellyfin:latest recreate",
    "redis:7-alpine up to date",
    "garden-sensors:dev built here",
    "ghcr.io/maren/household-ledger:latest unknown",
  ]) {
    expect(shown).toContain(each);
  }
  expect(shown.filter((each) => /^vaultwarden\/server:1\.34\.3@[0-9a-f]{6} pinned$/.test(each))).toHaveLength(1);
  await expect(row(page, "household-ledger").locator(".reason")).toHaveText("ghcr.io answered 401: not found or no access.");
  await expect(page.getByText("Sample data.")).toBeVisible();
  await expect(page.getByText("connecting")).toBeHidden();
  await expect(page.getByRole("link", { name: "Reload" })).toBeVisible();
});

test("a row opens and tells who runs the image", async ({ page }) => {
  await page.goto(plimsoll.url);
  const postgres = row(page, "postgres");
  await expect(postgres.locator(".containers b", { hasText: "paperless-db" })).toBeHidden();
  await postgres.locator("summary.row").click();
  await expect(postgres.locator(".containers b", { hasText: "paperless-db" })).toBeVisible();
  await expect(postgres.locator(".containers li")).toHaveCount(3);
  await postgres.getByRole("link", { name: "Open its page" }).click();
  await expect(page).toHaveURL(`${plimsoll.url}/image/docker.io/library/postgres:16-alpine`);
  await expect(page.locator("h1")).toHaveText("postgres:16-alpine");
  await page.getByRole("link", { name: "All images" }).click();
  await expect(page).toHaveURL(`${plimsoll.url}/`);
});

test("counts, grouping and search are links and a form", async ({ page }) => {
  await page.goto(plimsoll.url);
  const chip = page.locator(".chip", { hasText: "rebuilt" });
  const count = Number(await chip.locator("b").textContent());
  await chip.click();
  await expect(page).toHaveURL(`${plimsoll.url}/?show=rebuilt`);
  const shown = await rows(page);
  expect(shown).toHaveLength(count);
  expect(shown.every((each) => each.endsWith(" rebuilt"))).toBe(true);

  await page.getByRole("link", { name: "Stack", exact: true }).click();
  await expect(page).toHaveURL(`${plimsoll.url}/?show=rebuilt&by=stack`);
  await expect(page.locator("h2", { hasText: "immich" })).toBeVisible();

  await page.getByRole("searchbox").fill("traefik");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/\?q=traefik&show=rebuilt&by=stack$/);
  expect(await rows(page)).toEqual(["traefik:v3.5 rebuilt"]);
  await expect(page.getByRole("searchbox")).toHaveValue("traefik");
});

test("a search that finds nothing says so and leads back", async ({ page }) => {
  await page.goto(`${plimsoll.url}/?q=kraken`);
  await expect(page.getByText("No image, container or stack matches “kraken”.")).toBeVisible();
  await page.getByRole("link", { name: "Show all" }).click();
  await expect(page.locator("li.image")).toHaveCount(25);
});

test("“Check now” asks and leads back to where it was pressed", async ({ page }) => {
  await page.goto(`${plimsoll.url}/?show=rebuilt`);
  const checked = page.locator(".sub time").first();
  const before = (await checked.getAttribute("datetime")) ?? "";
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page).toHaveURL(`${plimsoll.url}/?show=rebuilt`);
  await expect(async () => {
    await page.reload();
    await expect(page.locator(".sub")).toHaveText(/^Checked just now on harbour/, { timeout: 200 });
    const after = (await checked.getAttribute("datetime")) ?? "";
    expect(after > before).toBe(true);
  }).toPass({ timeout: within(10_000) });
});

test("an image's page tells the newer versions, and why others are passed over", async ({ page }) => {
  await page.goto(`${plimsoll.url}/image/docker.io/grafana/grafana:12.2.0`);
  await expect(page.locator(".sheet .move").first()).toContainText("12.2.0");
  const newer = page.getByRole("list", { name: "Newer versions" }).locator("li");
  await expect(newer).toHaveText([/^major13\.0\.0/, /^minor12\.3\.0/, /^patch12\.2\.1/]);
  await expect(newer.first()).toContainText("ago");
  const passed = page.getByRole("list", { name: "Tags that are passed over, and why" }).locator("li");
  await expect(passed).toHaveText([/13\.1\.0-beta1not finished yet/]);
});

test("the choice of colours goes round", async ({ page }) => {
  await page.goto(`${plimsoll.url}/?by=stack`);
  for (const theme of ["dark", "light", null]) {
    await page.getByRole("button", { name: /^Colours/ }).click();
    await expect(page).toHaveURL(`${plimsoll.url}/?by=stack`);
    if (theme) await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    else await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  }
});

test.describe("an address that leads nowhere", () => {
  test.use({ forgiven: /404|preloaded/ });
  test("says so", async ({ page }) => {
    for (const path of ["/nowhere", "/image/docker.io/library/kraken:1"]) {
      const answer = await page.goto(plimsoll.url + path);
      expect(answer?.status(), path).toBe(404);
      await expect(page.locator("h1")).toHaveText("Nothing is here");
      await page.getByRole("main").getByRole("link", { name: "All images" }).click();
      await expect(page).toHaveURL(`${plimsoll.url}/`);
    }
  });
});
