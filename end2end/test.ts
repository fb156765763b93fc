// The tests' own `test`: no page may complain, whatever the test is about.
import { test as base, type BrowserContext } from "@playwright/test";

export { expect } from "@playwright/test";

/** Notes each error, warning, broken policy and failed request of all pages of the context. */
export function listen(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  return complaints;
}

interface Fixtures {
  /** the complaints that belong to what a test is about: a server that is gone, a page that does not exist */
  forgiven: RegExp | undefined;
  quiet: void;
}

export const test = base.extend<Fixtures>({
  forgiven: [undefined, { option: true }],
  quiet: [
    async ({ context, forgiven }, use) => {
      const complaints = listen(context);
      await use();
      base.expect(complaints.filter((each) => !forgiven?.test(each))).toEqual([]);
    },
    { auto: true },
  ],
});
