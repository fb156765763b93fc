// How the tests read a page.
import type { Locator, Page } from "@playwright/test";
import { expect } from "./test";

/** A promise in milliseconds, times the slack of this run: on a shared machine (`make ci`) its noise must not decide what lands. */
export const within = (promise: number): number => Math.min(promise * Number(process.env.PLIMSOLL_TEST_SLACK ?? 1), 60_000);

/** The row of the image whose name contains `name`. */
export const row = (page: Page, name: string): Locator =>
  page.locator("li.image").filter({ has: page.locator(".repo", { hasText: name }) });

/** Every row that is shown, as `name verdict`. */
export const rows = (page: Page): Promise<string[]> =>
  page.locator("li.image").evaluateAll((all) =>
    all.map((each) => [".row .repo", ".row .level"].map((part) => each.querySelector(part)?.textContent?.trim()).join(" ")),
  );

/** Waits until the browser's program has taken the page over and the event stream is open. */
export async function live(page: Page): Promise<void> {
  await expect(page.locator(".live")).toHaveAttribute("data-state", "live");
}

/** How far the page can be pushed sideways, in pixels, and what reaches out of it. */
export const sideways = (page: Page): Promise<{ by: number; because: string[] }> =>
  page.evaluate(() => {
    const root = document.documentElement;
    const by = Math.max(0, root.scrollWidth - root.clientWidth);
    const out = by > 0 ? [...document.body.querySelectorAll("*")].filter((each) => each.getBoundingClientRect().right > root.clientWidth) : [];
    return { by, because: out.map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute("class") ?? ""}`).slice(0, 8) };
  });

/** Everything that a finger should hit and is smaller than 44 pixels. */
export const small = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const each of document.querySelectorAll<HTMLElement>("a[href], button, summary, input:not([type=hidden])")) {
      // a label is pressed in the place of its field; a link inside a sentence is as high as the sentence
      const label = each.closest("label") ?? (each.matches("#search") ? each.closest("form") : null);
      const { width, height, bottom } = (label ?? each).getBoundingClientRect();
      const shown = width > 1 && height > 1 && bottom > 0 && each.checkVisibility({ visibilityProperty: true });
      const style = getComputedStyle(each);
      const sentence = each.matches("dd a, p.nothing a") && style.display === "inline";
      if (shown && !sentence && (height < 43.5 || width < 43.5)) {
        found.push(`${each.tagName.toLowerCase()} “${each.textContent?.trim().slice(0, 30)}” ${width.toFixed(1)}×${height.toFixed(1)}`);
      }
    }
    return found;
  });
