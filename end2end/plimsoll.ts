// Starts the program under test on a free port, with a data folder of its own, and stops it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Plimsoll under test. */
export interface Plimsoll {
  /** where it answers, without a slash at the end */
  url: string;
  port: number;
  /** milliseconds from the start of the process until `GET /` was answered, and the status of that answer */
  first: () => { took: number; status: number };
  /** what it has said so far */
  said: () => string;
  /** ends the process and keeps its port and data, so that `again` is a restart */
  end: () => Promise<void>;
  again: () => Promise<void>;
  /** ends it for good */
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The environment without what would configure a Plimsoll of the person who runs the tests. */
function clean(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PLIMSOLL_")));
}

/** Runs `plimsoll …` with a `--listen` of its own and waits until it answers. */
export async function start(command: string[], environment: Record<string, string> = {}): Promise<Plimsoll> {
  const program = process.env.PLIMSOLL_BIN;
  if (!program) throw new Error("PLIMSOLL_BIN is not set: run `make test`");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${environment.PLIMSOLL_BASE_PATH ?? ""}`;
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-data-"));
  let said = "";
  let first = { took: 0, status: 0 };
  let child: ChildProcess | undefined;

  const end = async () => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => running.once("exit", () => resolve()));
    const patience = setTimeout(() => running.kill("SIGKILL"), 5_000);
    running.kill("SIGTERM");
    await ended;
    clearTimeout(patience);
  };
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  const again = async () => {
    const begun = performance.now();
    const running = spawn(program, [...command, "--listen", `127.0.0.1:${port}`], {
      env: { ...clean(), NO_COLOR: "1", PLIMSOLL_DATA_DIR: folder, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = running;
    running.stdout.on("data", (text) => (said += text));
    running.stderr.on("data", (text) => (said += text));
    for (;;) {
      const status = await fetch(`${url}/`, { redirect: "manual" }).then(
        (answer) => answer.status,
        () => 0,
      );
      first = { took: performance.now() - begun, status };
      if (status !== 0) return;
      if (running.exitCode !== null || first.took > 10_000) {
        await stop();
        throw new Error(`plimsoll ${command.join(" ")} does not answer:\n${said}`);
      }
      await new Promise((later) => setTimeout(later, 10));
    }
  };

  await again();
  return { url, port, first: () => first, said: () => said, end, again, stop };
}

/** The demo, in which nothing happens by itself, once its first check is over. */
export async function demo(environment: Record<string, string> = {}): Promise<Plimsoll> {
  const plimsoll = await start(["demo", "--still"], { PLIMSOLL_CHECK_TIMEOUT: "2s", PLIMSOLL_AUTH: "password", ...environment });
  await checked(plimsoll);
  return plimsoll;
}

/** Waits until a check has ended. */
export async function checked(plimsoll: Plimsoll): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const answer = await fetch(`${plimsoll.url}/api/v1/fleet`);
    const { checking, checked_at } = (await answer.json()) as { checking: boolean; checked_at: string | null };
    if (!checking && checked_at !== null) return;
    if (Date.now() > deadline) throw new Error("no check came to its end within 20 s");
    await new Promise((later) => setTimeout(later, 50));
  }
}
