import type { ClientHelloFacts } from "./facts.ts";

/** Sentences kept: beyond, they are not shared. */
const sentenceLimit = 4096;

/**
 * Keeps one object for all equal ClientHellos: thousands of flows of one client differ only in random and shares. Keeps
 * one copy of the sentences said of their handshakes too, which differ as little.
 */
export class ClientHelloStore {
  readonly #byContent = new Map<string, ClientHelloFacts>();
  readonly #sentences = new Map<string, string>();

  /** The hello kept under `key`, made by `make` at its first appearance; without a key it is not kept. Throws: as `make`. */
  intern(key: string | undefined, make: () => ClientHelloFacts): ClientHelloFacts {
    if (key === undefined) return make();
    let hello = this.#byContent.get(key);
    if (hello === undefined) {
      hello = make();
      this.#byContent.set(key, hello);
    }
    return hello;
  }

  /** The one copy of a sentence. */
  sentence(text: string): string {
    const known = this.#sentences.get(text);
    if (known !== undefined) return known;
    if (this.#sentences.size < sentenceLimit) this.#sentences.set(text, text);
    return text;
  }
}
