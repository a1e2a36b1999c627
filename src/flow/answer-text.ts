import { withoutSecrets } from "../bytes/secret-text.ts";
import { fieldsOf, utf8 } from "../bytes/text.ts";
import type { HttpExchange } from "../protocol/exchange.ts";
import type { HttpReport } from "./model.ts";
import { refusalReason } from "./refusal-reason.ts";

/** What the content of an answer says to Go: why it was refused, what is wrong with it, or where code lives. */
export function describeText(exchange: HttpExchange): Partial<HttpReport> {
  const { content, contentType, status = 0 } = exchange;
  if (content?.error !== undefined) {
    const { kind, text } = content.error;
    return { contentError: { kind, text: withoutSecrets(text) } };
  }
  if (content?.kept === undefined) return {};
  const text = utf8(content.kept);
  return { ...(status >= 400 && describeError(text, contentType)), ...describePage(text, exchange) };
}

function describeError(text: string, contentType: string | undefined): Partial<HttpReport> {
  const errorText = isPlainText(contentType) ? errorDetail(text) : "";
  const errorReason = refusalReason(text, contentType);
  return { ...(errorText !== "" && { errorText }), ...(errorReason !== undefined && { errorReason }) };
}

/* Of a page that Go asked for it reads the tags, whatever its type is. */
function describePage(
  text: string,
  { content, contentType, requestTarget, status }: HttpExchange,
): Partial<HttpReport> {
  const isDiscovery = /[?&]go-get=1(?:&|$)/.test(requestTarget);
  if (!isDiscovery && !/^text\/html\b/i.test(contentType ?? "text/html")) return {};
  const goImports = parseGoImports(text);
  if (goImports.length > 0) return { goImports };
  const isWhole = status === 200 && content?.complete === true;
  /* Go reads tags that are written otherwise, too. */
  if (!isDiscovery || !isWhole || /go-import/i.test(text)) return {};
  return { contentError: { kind: "other", text: noGoImports([]) } };
}

/** What Go says of a page without a tag for what it wants; `misfits` tells of those that it has. Spec: cmd/go/internal/vcs. */
export function noGoImports(misfits: readonly string[]): string {
  return `no go-import meta tags (${misfits.join(", ")})`;
}

function isPlainText(contentType = ""): boolean {
  return /^text\/plain\s*(?:;\s*charset="?(?:us-ascii|utf-8)"?\s*)?$/i.test(contentType);
}

/* Go shows the lines up to the first blank one, and nothing of a text that cannot be printed. Spec: cmd/go/internal/web. */
function errorDetail(text: string): string {
  const lines: string[] = [];
  for (const line of text.split("\n", maxLines)) {
    if (line.trim() === "") break;
    lines.push(line.trimEnd().slice(0, maxLine));
  }
  const detail = lines.join("\n");
  return /[^\P{C}\t\n]|\ufffd/u.test(detail) ? "" : withoutSecrets(detail);
}

/** Go's own caps. */
const maxLines = 8;
const maxLine = 80;

/**
 * The go-import tags of a page, up to its body. Root URLs come without secrets.
 *
 * Spec: cmd/go/internal/vcs, parseMetaGoImports. Cost: linear.
 */
export function parseGoImports(page: string): NonNullable<HttpReport["goImports"]> {
  const end = page.search(/<(?:body|\/head)\b/i);
  const imports: { prefix: string; vcs: string; root: string }[] = [];
  for (const [tag] of (end < 0 ? page : page.slice(0, end)).matchAll(/<meta\b[^<>]*>/gi)) {
    if (imports.length >= maxImports) break;
    if (attribute(tag, "name") !== "go-import") continue;
    const [prefix, vcs, root] = fieldsOf(attribute(tag, "content") ?? "");
    if (root !== undefined) imports.push({ prefix, vcs, root: withoutSecrets(root) });
  }
  return imports;
}

/** A page names one for each module of its host at most; more are somebody's joke. */
const maxImports = 64;

function attribute(tag: string, name: string): string | undefined {
  const [, double, single] = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(tag) ?? [];
  return (double ?? single)?.replaceAll("&amp;", "&");
}
