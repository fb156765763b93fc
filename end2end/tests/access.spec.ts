// The way in and out: the one-time link of a first run, login and logout, with JavaScript and without.
import { demo, type Plimsoll } from "../plimsoll";
import { expect, test } from "../test";

/** The one-time link in the log. */
function link(plimsoll: Plimsoll): string {
  const found = /(http:\S+\/setup\?token=\S+)/.exec(plimsoll.said());
  if (!found) throw new Error(`no one-time link was printed:\n${plimsoll.said()}`);
  return found[1];
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled, forgiven: javaScriptEnabled ? undefined : /preloaded using link preload but not used/ });
    let plimsoll: Plimsoll;
    test.beforeEach(async () => {
      plimsoll = await demo();
    });
    test.afterEach(async () => {
      await plimsoll?.stop();
    });

    test("from the one-time link to a login and out again", async ({ page, browser }) => {
      const setup = link(plimsoll);
      await page.goto(setup);
      await expect(page.locator("h1")).toHaveText("Set a password");
      await page.getByLabel("User").fill("maren");
      await page.getByLabel("Password").fill("load line");
      await page.getByRole("button", { name: "Set the password" }).click();
      await expect(page).toHaveURL(`${plimsoll.url}/`);
      await expect(page.locator("li.image")).toHaveCount(25);

      // visitors see nothing now, and the link works once
      const context = await browser.newContext({ javaScriptEnabled });
      const other = await context.newPage();
      await other.goto(`${plimsoll.url}/image/docker.io/library/postgres:16-alpine`);
      await expect(other).toHaveURL(/\/login\?next=/);
      expect(await other.content()).not.toContain("postgres:16-alpine<");
      await other.goto(setup);
      await other.getByLabel("User").fill("mallory");
      await other.getByLabel("Password").fill("barnacles");
      await other.getByRole("button", { name: "Set the password" }).click();
      await expect(other).toHaveURL(/\/login$/);

      // a wrong password says so, the right one leads to where one wanted to go
      await other.goto(`${plimsoll.url}/image/docker.io/library/postgres:16-alpine`);
      await other.getByLabel("User").fill("maren");
      await other.getByLabel("Password").fill("barnacles");
      await other.getByRole("button", { name: "Log in" }).click();
      await expect(other.getByRole("alert").filter({ hasText: "User or password is wrong." })).toBeVisible();
      await other.getByLabel("User").fill("maren");
      await other.getByLabel("Password").fill("load line");
      await other.getByRole("button", { name: "Log in" }).click();
      await expect(other.locator("h1")).toHaveText("postgres:16-alpine");
      await context.close();

      await page.getByRole("button", { name: "Log out" }).click();
      await expect(page).toHaveURL(/\/login/);
      await page.goto(plimsoll.url);
      await expect(page).toHaveURL(/\/login/);
    });
  });
}

test.describe("limits", () => {
  test("a password that is too short is refused with a word", async ({ page }) => {
    const plimsoll = await demo();
    try {
      await page.goto(link(plimsoll));
      await page.getByLabel("Password").evaluate((field) => field.removeAttribute("minlength"));
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Set the password" }).click();
      await expect(page.getByText("That password is too short: choose at least 8 characters.")).toBeVisible();
      // the link still works
      await page.getByLabel("Password").fill("long enough");
      await page.getByRole("button", { name: "Set the password" }).click();
      await expect(page).toHaveURL(`${plimsoll.url}/`);
    } finally {
      await plimsoll.stop();
    }
  });

  test("after five wrong tries the door stays shut for a while", async ({ page }) => {
    const plimsoll = await demo({ PLIMSOLL_USER: "maren", PLIMSOLL_PASSWORD: "load line", PLIMSOLL_ANONYMOUS: "viewer" });
    try {
      for (let n = 0; n < 6; n++) {
        await page.goto(`${plimsoll.url}/login`);
        await page.getByLabel("User").fill("maren");
        await page.getByLabel("Password").fill("barnacles");
        await page.getByRole("button", { name: "Log in" }).click();
        await expect(page.getByText(n < 5 ? "User or password is wrong." : "Too many tries. Wait half a minute, then try again.")).toBeVisible();
      }
      await page.goto(plimsoll.url);
      await expect(page.locator("li.image")).toHaveCount(25);
      await expect(page.getByRole("banner").getByRole("link", { name: "Log in" })).toBeVisible();
    } finally {
      await plimsoll.stop();
    }
  });
});
