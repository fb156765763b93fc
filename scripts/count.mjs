// count.mjs RESULTS: adds up what cargo's and the browser's tests left in the folder RESULTS, prints the reason of each skip and, as
// the last line, the sum. Fails when a test failed or nothing ran, and under CI when one was skipped.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const read = (name) => {
  const path = join(process.argv[2], name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};
const lines = (text) => text.split("\n").filter((line) => line.trim());
let passed = 0;
let failed = 0;
const skips = [];
const broken = [];

// cargo: one result line for each test program
for (const [, good, bad, ignored] of read("cargo.log").matchAll(/^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
  passed += Number(good);
  failed += Number(bad);
  for (let n = 0; n < Number(ignored); n++) skips.push("a Rust test: marked as ignored");
}
// what only measures is for who asks for it
for (const _ of read("cargo.log").matchAll(/^test .* \.\.\. ignored, a measurement$/gm)) skips.pop();
if (read("cargo.status").trim() !== "0" && failed === 0) broken.push("cargo test did not come to its end");

// a Rust test that lacks what it needs says so in a file and returns, which cargo counts as passed
const told = lines(read("skips"));
passed -= told.length;
skips.push(...told, ...lines(read("skips.whole")));

// the browser: a tree of suites in one document
const report = read("playwright.json");
let wrong = 0;
const walk = (suite, names) => {
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) {
      const name = [...names, spec.title].join(" › ") + ` (${test.projectName})`;
      if (test.status === "skipped") {
        skips.push(`${name}: ${test.annotations.find((each) => each.type === "skip" || each.type === "fixme")?.description ?? "no reason given"}`);
      } else if (test.status === "expected") passed++;
      else wrong++;
    }
  }
  for (const inner of suite.suites ?? []) walk(inner, [...names, inner.title]);
};
if (report) {
  const document = JSON.parse(report);
  for (const suite of document.suites) walk(suite, [suite.title]);
  for (const error of document.errors) broken.push(error.message ?? "an error of Playwright");
}
failed += wrong;
const status = read("playwright.status").trim();
if (status !== "0" && !read("skips.whole") && wrong === 0 && broken.length === 0) broken.push("the browser tests did not come to their end");

failed += broken.length;
for (const each of broken) console.log(`failed: ${each}`);
for (const each of skips) console.log(`skipped: ${each}`);
if (process.env.CI && skips.length > 0) console.log("under CI a skip is a failure");
console.log(`${passed} passed, ${failed} failed` + (skips.length > 0 ? `, ${skips.length} skipped` : ""));
process.exitCode = failed > 0 || passed === 0 || (process.env.CI && skips.length > 0) ? 1 : 0;
