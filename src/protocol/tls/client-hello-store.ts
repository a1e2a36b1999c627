import type { ClientHelloFacts } from "./facts.ts";

/** Keeps one object for all equal ClientHellos: thousands of flows of one client differ only in random and shares. */
export class ClientHelloStore {
  readonly #byContent = new Map<string, ClientHelloFacts>();

  /** The hello kept under `key`, made by `make` at its first appearance. */
  intern(key: string, make: () => ClientHelloFacts): ClientHelloFacts {
    let hello = this.#byContent.get(key);
    if (hello === undefined) {
      hello = make();
      this.#byContent.set(key, hello);
    }
    return hello;
  }
}
