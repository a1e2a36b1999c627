import type { ConnectionClosed, FoldedConnections } from "./facts.ts";

/** Payload-free connections of one client and outcome that are not listed: counted, with the ports tried. */
export class Fold {
  readonly client: string;
  readonly outcome: ConnectionClosed;
  count = 0;
  #server = "";
  readonly #serverWords = new Int32Array(4);
  #oneServer = true;
  #firstFrame = Infinity;
  #lastFrame = 0;
  /** One bit a port. */
  readonly #ports = new Uint8Array(8192);

  constructor(client: string, outcome: ConnectionClosed) {
    this.client = client;
    this.outcome = outcome;
  }

  /** The server of the first connection. */
  begin(server: string, words: Int32Array): void {
    this.#server = server;
    this.#serverWords.set(words);
  }

  add(serverWords: Int32Array, port: number, firstFrame: number, lastFrame: number): void {
    this.count++;
    if (firstFrame < this.#firstFrame) this.#firstFrame = firstFrame;
    if (lastFrame > this.#lastFrame) this.#lastFrame = lastFrame;
    this.#ports[port >> 3] |= 1 << (port & 7);
    for (let word = 0; word < 4; word++) {
      if (this.#serverWords[word] !== serverWords[word]) this.#oneServer = false;
    }
  }

  facts(): FoldedConnections {
    return {
      client: this.client,
      ...(this.#oneServer && { server: this.#server }),
      ports: portRanges(this.#ports),
      outcome: this.outcome,
      count: this.count,
      firstFrame: this.#firstFrame,
      lastFrame: this.#lastFrame,
    };
  }
}

/** Ports as text, `1-1024, 3128`, at most 100 characters; an ellipsis stands for the rest. */
export function portRanges(bits: Uint8Array): string {
  const has = (port: number): boolean => (bits[port >> 3] & (1 << (port & 7))) !== 0;
  let text = "";
  for (let port = 0; port < 65_536; port++) {
    if (!has(port)) continue;
    const first = port;
    while (port < 65_535 && has(port + 1)) port++;
    const range = first === port ? `${first}` : `${first}-${port}`;
    const separator = text === "" ? "" : ", ";
    if (text.length + separator.length + range.length > 97) return `${text}, …`;
    text += separator + range;
  }
  return text;
}
