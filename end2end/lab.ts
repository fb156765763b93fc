// The lab's real Engine and registry (scripts/lab), asked by their own APIs.
import { readFileSync, rmSync } from "node:fs";
import {
  createServer as createHttp,
  request,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Why nothing that needs the lab can run; none, where it is there. */
export const NO_LAB = process.env.PLIMSOLL_LAB_DOCKER ? undefined : "needs the lab's Docker Engine and registry: run `make test`";

/** The lab's registry as an image's name has it. */
export const REGISTRY = process.env.PLIMSOLL_LAB_REGISTRY ?? "";

const socketPath = (process.env.PLIMSOLL_LAB_DOCKER ?? "").replace("unix://", "");

/** Asks the Engine, and gives the body of its answer. */
export function engine(method: string, path: string, body?: Buffer | object): Promise<string> {
  const json = body !== undefined && !Buffer.isBuffer(body);
  const content = json ? Buffer.from(JSON.stringify(body)) : (body as Buffer | undefined);
  const headers: Record<string, string | number> = { "x-registry-auth": Buffer.from("{}").toString("base64") };
  if (content) Object.assign(headers, { "content-type": json ? "application/json" : "application/x-tar", "content-length": content.length });
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers, timeout: 20_000 }, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("end", () => {
        // a push or pull answers 200 first and tells of its failure later
        const failed = (answer.statusCode ?? 500) >= 400 || text.includes('"errorDetail"');
        if (failed) reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        else resolve(text);
      });
      answer.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`${method} ${path}: no answer within 20 s`)));
    asked.on("error", reject);
    asked.end(content);
  });
}

/** A tar archive of these files. */
function tar(files: Record<string, Buffer>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write("0000755\0", 100);
    head.write("0000000\0", 108);
    head.write("0000000\0", 116);
    head.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    head.write("00000000000\0", 136);
    head.write("        ", 148);
    head.write("0", 156);
    head.write("ustar\x0000", 257);
    const sum = head.reduce((all, byte) => all + byte, 0);
    head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/** Makes an image that sleeps, different for each `content`, names it `repository:tag` and pushes it. `command` is what it does instead. */
export async function push(repository: string, tag: string, content: string | Buffer, command = ["sleep", "3600"]): Promise<void> {
  const files = { busybox: readFileSync(process.env.PLIMSOLL_LAB_BUSYBOX ?? ""), content: Buffer.from(content) };
  const changes = `CMD ${JSON.stringify(["/busybox", ...command])}`;
  const query = new URLSearchParams({ fromSrc: "-", repo: repository, tag, changes });
  await engine("POST", `/images/create?${query}`, tar(files));
  await engine("POST", `/images/${repository}/push?tag=${tag}`);
}

/** Starts a container, and gives the moment when the Engine had started it. */
export async function run(name: string, image: string): Promise<void> {
  await engine("POST", `/containers/create?name=${name}`, { Image: image, StopTimeout: 1, HostConfig: { NetworkMode: "none" } });
  await engine("POST", `/containers/${name}/start`);
}

/** Forgets an image, so that a pull has to fetch it. */
export async function forget(reference: string): Promise<void> {
  await engine("DELETE", `/images/${reference}?force=1`).catch(() => undefined);
  await engine("POST", `/images/prune`);
}

/** Removes containers; those that are gone are none. */
export async function remove(...names: string[]): Promise<void> {
  for (const name of names) await engine("DELETE", `/containers/${name}?force=1`).catch(() => undefined);
}

/** A way to the Engine that can be closed and opened again: as if the Engine had been stopped. */
export class Way {
  private server?: Server;
  private readonly open = new Set<Socket>();
  constructor(readonly path: string) {}

  /** Lets nothing through before `open`, where there is one: as an Engine does that is slow to start. */
  async start(open?: Promise<void>): Promise<void> {
    rmSync(this.path, { force: true });
    const server = createServer(async (near) => {
      this.open.add(near);
      await open;
      const far = connect(socketPath);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        this.open.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.open.delete(one);
          other.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    this.server = server;
    await new Promise<void>((ready) => server.listen(this.path, ready));
  }

  stop(): void {
    this.server?.close();
    for (const each of this.open) each.destroy();
    rmSync(this.path, { force: true });
  }
}

/** A registry that passes everything on to the lab's, slowly where it is told to, until it falls silent: then it takes requests and never answers. */
export class Registry {
  private silent = false;
  /** bytes in a tenth of a second; as many as there are, where it is 0 */
  private pace = 0;
  private constructor(
    private readonly server: HttpServer,
    readonly name: string,
  ) {}

  static async start(): Promise<Registry> {
    const handle: RequestListener = (asked, answer) => {
      if (registry.silent) return;
      const [host, port] = REGISTRY.split(":");
      const passed = request({ host, port, path: asked.url, method: asked.method, headers: asked.headers }, (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        void registry.pass(given, answer);
      });
      passed.on("error", () => answer.destroy());
      asked.pipe(passed);
    };
    const server = createHttp(handle);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const registry = new Registry(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    return registry;
  }

  private async pass(given: IncomingMessage, answer: ServerResponse): Promise<void> {
    for await (const chunk of given) {
      if (answer.destroyed) return;
      answer.write(chunk);
      if (this.pace > 0) await new Promise((later) => setTimeout(later, (chunk.length / this.pace) * 100));
    }
    answer.end();
  }

  slowDown(pace: number): void {
    this.pace = pace;
  }

  fallSilent(): void {
    this.silent = true;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
