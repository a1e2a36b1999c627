import { parseUrlPlace } from "./place.ts";
import { classifyRequest } from "./requests.ts";
import type { GoRequest } from "./requests.ts";

/** A request or repository that `go … -x` announced. */
export interface LoggedRequest extends GoRequest {
  readonly host: string;
  readonly port: number;
  /** The file that says so. */
  readonly source: string;
}

const urlLine = /^# get (https?:\/\/\S+?)(?:: .*)?$/;
const repositoryLine = /# git\d* (https?:\/\/\S+)$/;

/** Whether a text is what `go get -x` and `go mod download -x` print. */
export function isCommandLog(text: string): boolean {
  return /^# get https?:\/\//m.test(text) || /^mkdir -p .*# git\d* https?:\/\//m.test(text);
}

/**
 * The requests that a `-x` log announces, one for each place and kind, of discovery one for each import path: others
 * say nothing more about what a place is for.
 */
export function parseCommandLog(source: string, text: string): readonly LoggedRequest[] {
  const requests = new Map<string, LoggedRequest>();
  for (const line of text.split(/\r?\n/)) {
    const get = urlLine.exec(line)?.[1];
    const repository = get === undefined ? repositoryLine.exec(line)?.[1] : undefined;
    const url = get ?? repository;
    const place = url === undefined ? undefined : parseUrlPlace(url);
    if (url === undefined || place === undefined) continue;
    const { scheme, host, port } = place;
    const request: GoRequest =
      repository === undefined
        ? classifyRequest({ method: "GET", scheme, host, path: url.slice(url.indexOf("/", scheme.length + 3)) })
        : { kind: "git-refs", repository: place.path };
    const asked = request.kind === "discovery" ? (request.module ?? "") : "";
    const key = `${request.kind} ${host}:${port} ${asked}`;
    if (!requests.has(key)) requests.set(key, { ...request, host, port, source });
  }
  return [...requests.values()];
}
