// The page comes up, and the browser's program takes it over without a complaint.
import { expect, test } from "@playwright/test";
import { start, type Plimsoll } from "../plimsoll";

let plimsoll: Plimsoll;
test.beforeAll(async () => {
  plimsoll = await start(["serve"]);
});
test.afterAll(async () => {
  await plimsoll?.stop();
});

test("serves a page whose program loads", async ({ page }) => {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const wasm = page.waitForResponse((response) => response.url().endsWith(".wasm"));

  const response = await page.goto(plimsoll.url);
  expect(response?.status()).toBe(200);
  expect((await wasm).status()).toBe(200);
  await page.waitForLoadState("load");
  expect(complaints).toEqual([]);
});
