// Behind a reverse proxy that shows Plimsoll below a path and keeps that prefix.
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { demo, type Plimsoll } from "../plimsoll";
import { live, row, within } from "../page";
import { expect, test } from "../test";

let plimsoll: Plimsoll;
let proxy: Server;
let outside: string;
const strays: string[] = [];

test.beforeAll(async () => {
  plimsoll = await demo({ PLIMSOLL_BASE_PATH: "/plimsoll" });
  proxy = createServer((asked, answer) => {
    if (!asked.url?.startsWith("/plimsoll")) {
      strays.push(asked.url ?? "");
      answer.writeHead(404).end();
      return;
    }
    const passed = request({ port: plimsoll.port, host: "127.0.0.1", path: asked.url, method: asked.method, headers: asked.headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
  outside = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
test.afterAll(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  await plimsoll?.stop();
});

test("the page below a path hydrates, is live, checks and links", async ({ page }) => {
  await page.goto(`${outside}/plimsoll`);
  await expect(page).toHaveURL(`${outside}/plimsoll/`);
  await live(page);
  await page.locator(".chip", { hasText: "rebuilt" }).click();
  await expect(page).toHaveURL(`${outside}/plimsoll/?show=rebuilt`);
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.locator(".sub")).toHaveText(/^Checking/);
  await expect(page.locator(".sub")).toHaveText(/^Checked just now/, { timeout: within(10_000) });
  const immich = row(page, "immich-server");
  await immich.locator("summary.row").click();
  await immich.getByRole("link", { name: "Open its page" }).click();
  await expect(page).toHaveURL(`${outside}/plimsoll/image/ghcr.io/immich-app/immich-server:release`);
  await live(page);
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.getByRole("link", { name: "All images" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("li.image")).toHaveCount(25);
  expect(strays).toEqual([]);
});
