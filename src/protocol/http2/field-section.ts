import {
  authorityWithoutUserinfo,
  emptyFields,
  keptText,
  keptValue,
  readField,
  urlWithoutSecrets,
} from "../http-fields.ts";
import type { RequestHead, ResponseHead } from "../exchange-notes.ts";
import type { FieldSink, KeepValue } from "./hpack.ts";

/** What the program reads of a field section of HTTP/2. Spec: RFC 9113 §8.2, §8.3. */
export class FieldSection implements FieldSink {
  readonly fields = emptyFields();
  /** Fields that refer to what came before the capture. */
  unknown = 0;
  /** Why this is no section of a message, if so. */
  malformed: string | undefined;
  readonly #control = new Map<string, string>();

  onField(name: string, value: string): void {
    if (!name.startsWith(":")) readField(this.fields, name, value);
    else if (this.#control.has(name)) this.malformed = `two ${name}`;
    else if (controlFields.has(name)) this.#control.set(name, value);
    else this.malformed = "an unknown pseudo-header field";
  }

  onUnknownField(): void {
    this.unknown++;
  }

  /** The section as a request's head; text that is unknown is empty, and so is all of it where it is malformed. */
  asRequest(): RequestHead {
    const control = this.#control;
    const method = control.get(":method");
    // RFC 8441 §4: with :protocol it has a path and opens no tunnel to another host.
    const connects = method === "CONNECT" && !control.has(":protocol");
    const asked = control.get(connects ? ":authority" : ":path");
    if (this.unknown === 0 && (method === undefined || asked === undefined)) {
      this.malformed ??= "no :method, or nothing that it is asked of";
    }
    if (this.malformed !== undefined) return { ...nothingAsked, fields: emptyFields() };
    const target = keptText(connects ? authorityWithoutUserinfo(asked ?? "") : urlWithoutSecrets(asked ?? ""));
    return {
      ...nothingAsked,
      method: keptText(method ?? ""),
      target,
      form: connects ? "authority" : target === "*" ? "asterisk" : "origin",
      fields: this.fields,
      ...this.#whereTo(),
    };
  }

  #whereTo(): Pick<RequestHead, "host" | "scheme"> {
    const scheme = this.#control.get(":scheme");
    const authority = this.#control.get(":authority");
    const host = authority === undefined ? this.fields.host : keptText(authorityWithoutUserinfo(authority));
    return { ...(host !== undefined && { host }), ...(scheme !== undefined && { scheme: keptText(scheme) }) };
  }

  /** The section as an answer's head. */
  asResponse(): ResponseHead {
    const text = this.#control.get(":status");
    if (text === undefined && this.unknown === 0) this.malformed ??= "no :status";
    if (text !== undefined && !/^[1-9]\d\d$/.test(text)) this.malformed ??= ":status is no number of three digits";
    const known = text !== undefined && this.malformed === undefined;
    return { version: "HTTP/2", fields: this.fields, ...(known && { status: Number(text) }) };
  }
}

/** What of a field the compression's table keeps: control data as it is, the rest as the program reads it. */
export const keepRead: KeepValue = (name, value) => (name.startsWith(":") ? value : keptValue(name, value));

const nothingAsked = { method: "", target: "", form: "origin", version: "HTTP/2" } as const;
const controlFields: ReadonlySet<string> = new Set([
  ":method",
  ":scheme",
  ":authority",
  ":path",
  ":protocol",
  ":status",
]);
