// Starts the program under test on a free port, with a data folder of its own, and stops it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A running Plimsoll: where it answers, what it has said so far, and how to end it. */
export interface Plimsoll {
  url: string;
  said: () => string;
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Runs `plimsoll …` with a `--listen` of its own and waits until it answers. */
export async function start(command: string[], environment: Record<string, string> = {}): Promise<Plimsoll> {
  const program = process.env.PLIMSOLL_BIN;
  if (!program) throw new Error("PLIMSOLL_BIN is not set: run `make test`");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-data-"));
  let said = "";
  const child: ChildProcess = spawn(program, [...command, "--listen", `127.0.0.1:${port}`], {
    env: { ...process.env, PLIMSOLL_DATA_DIR: folder, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (text) => (said += text));
  child.stderr?.on("data", (text) => (said += text));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));

  const stop = async () => {
    const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
    child.kill("SIGTERM");
    await ended;
    clearTimeout(patience);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + 10_000; ; ) {
    const up = await fetch(url, { redirect: "manual" }).then(
      () => true,
      () => false,
    );
    if (up) return { url, said: () => said, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`plimsoll ${command.join(" ")} does not answer:\n${said}`);
    }
    await new Promise((later) => setTimeout(later, 50));
  }
}
