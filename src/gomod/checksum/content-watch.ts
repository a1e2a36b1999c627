import { mayTellReason } from "../../flow/refusal-reason.ts";
import { limits } from "../../limits.ts";
import type { ContentSink, ContentWatch } from "../../protocol/content.ts";
import type { ContentFacts, HttpExchange } from "../../protocol/exchange.ts";
import type { GoRequestKind } from "../../flow/vocabulary.ts";
import { classifyRequest, isChecksumRequest, isModuleRequest, type GoRequest } from "../requests.ts";
import { KeptContent, ModContent, WatchedContent, ZipContent, type ContentReading } from "./content-sinks.ts";
import { InfoContent } from "./info-content.ts";
import type { ZipAllowance } from "./zip-stream.ts";

/**
 * Chooses what of the answers to Go's requests is looked at: hashes of .mod and .zip, and small texts that are kept.
 *
 * Invariants: at most `limits.watchedContents` are under way, and `limits.keptContentTotal` bytes are kept in all; what
 * is beyond is left alone, and its facts, if any, say so. Unpacking costs more than all the rest of a capture, so until
 * there is something to compare with, a go.sum or some lookup, only `limits.zipContentAtFirst` bytes are unpacked. Go
 * asks for some modules before it looks them up: `comparedTooLate` tells that another pass would prove more.
 */
export class GoContentWatch implements ContentWatch {
  /** Some request was for what has a checksum, or for one. */
  concerned = false;
  /** The first lookup came when a zip had been left packed already. */
  comparedTooLate = false;
  #open = 0;
  #kept = 0;
  #comparable = false;
  readonly #allowance: ZipAllowance = {
    inflated: limits.zipContentAtFirst,
    entries: limits.zipEntries,
    reason: "there was nothing to compare it with by then: give the go.sum of the run with --gosum",
  };

  /** `comparable`: there are hashes to compare with from the beginning. */
  constructor(comparable: boolean) {
    if (comparable) this.#compare();
  }

  watch(exchange: HttpExchange): ContentSink | undefined {
    if (this.#open >= limits.watchedContents) return undefined;
    const reading = this.#reading(exchange);
    if (reading === undefined) return undefined;
    const coding = exchange.contentEncoding ?? "identity";
    if (coding !== "gzip" && coding !== "x-gzip" && coding !== "identity") return undefined;
    this.#open++;
    return new WatchedContent(reading, coding !== "identity", (facts) => this.#ended(facts));
  }

  #reading({ method, status = 0, requestTarget, host, contentType }: HttpExchange): ContentReading | undefined {
    if (method !== "GET") return undefined;
    const request = classifyRequest({ method, path: requestTarget, host });
    const { kind } = request;
    this.concerned ||= kind === "mod" || kind === "zip" || isChecksumRequest(kind);
    // Go reads the tags of a page whatever its status is.
    if (kind === "discovery") return new KeptContent(limits.keptContent, false);
    if (status >= 400) return tellsWhy(kind, contentType) ? new KeptContent(limits.keptErrorText, true) : undefined;
    if (kind === "lookup" && status === 200) this.#compare();
    return status === 200 ? this.#delivered(request, requestTarget, contentType) : undefined;
  }

  #delivered(request: GoRequest, requestTarget: string, contentType: string | undefined): ContentReading | undefined {
    const { kind } = request;
    if (kind === "mod") return new ModContent();
    if (kind === "info" || kind === "latest") return new InfoContent(request);
    if (kind === "zip") return new ZipContent(this.#allowance, request, true);
    if (isFile(kind) && mayBeZip(contentType)) {
      return new ZipContent(this.#allowance, request, /\.zip(?:[?#]|$)/i.test(requestTarget));
    }
    return isAsked(kind) ? new KeptContent(limits.keptContent, false) : undefined;
  }

  #compare(): void {
    if (this.#comparable) return;
    this.#comparable = true;
    this.comparedTooLate = this.#allowance.inflated < 0;
    this.#allowance.inflated += limits.zipContentTotal - limits.zipContentAtFirst;
    this.#allowance.reason = "more would be unpacked than is of one capture";
  }

  #ended(facts: ContentFacts): ContentFacts {
    this.#open--;
    const { kept, ...rest } = facts;
    if (kept === undefined) return facts;
    if (this.#kept + kept.length > limits.keptContentTotal)
      return { ...rest, because: "no more is kept of one capture" };
    this.#kept += kept.length;
    return facts;
  }
}

/** Whether the module proxy or the checksum database is asked something. */
function isAsked(kind: GoRequestKind): boolean {
  return isModuleRequest(kind) || isChecksumRequest(kind) || kind === "supported";
}

/** Where a module proxy may redirect to: any place, under any name. */
function isFile(kind: GoRequestKind): boolean {
  return kind === "storage" || kind === "toolchain" || kind === "other";
}

/* What a module proxy redirects to is read only where its type promises words. */
function tellsWhy(kind: GoRequestKind, contentType = ""): boolean {
  return isAsked(kind) || (isFile(kind) && (/^text\/plain\b/i.test(contentType) || mayTellReason(contentType)));
}

function mayBeZip(contentType: string | undefined): boolean {
  return (
    contentType === undefined || /^(?:application\/(?:[a-z-]*zip|octet-stream)|binary\/octet-stream)/i.test(contentType)
  );
}
