import { withoutSecrets } from "../bytes/secret-text.ts";

/**
 * Why a server refused, in its own words, from a body that Go does not print: what module proxies (Artifactory, GitLab,
 * CodeArtifact, problem details of RFC 9457) and storage (S3, Google Cloud Storage) answer with. One line without
 * secrets, or undefined. `text` may be the beginning only. Cost: linear.
 */
export function refusalReason(text: string, contentType = ""): string | undefined {
  const said = json.test(contentType) ? messageOfJson(text) : xml.test(contentType) ? messageOfXml(text) : undefined;
  const line = said?.replace(/\s+/g, " ").trim() ?? "";
  if (line === "" || /[\p{C}\ufffd]/u.test(line)) return undefined;
  return withoutSecrets(line.length > maxLength ? `${line.slice(0, maxLength)}…` : line);
}

/** Whether a body of this type may tell a reason. */
export function mayTellReason(contentType = ""): boolean {
  return json.test(contentType) || xml.test(contentType);
}

const json = /^application\/(?:[\w.-]+\+)?json\b/i;
const xml = /^(?:application|text)\/(?:[\w.-]+\+)?xml\b/i;

/** Enough for the sentence of a policy; the rest of it is in the capture. */
const maxLength = 240;

/** Members that hold a sentence, wherever they stand; the first that is there says the most. */
const members = ["message", "error_description", "detail", "title", "error"].map(
  (name) => new RegExp(String.raw`"${name}"\s*:\s*("(?:[^"\\]|\\.)*")`),
);

function messageOfJson(text: string): string | undefined {
  for (const member of members) {
    const [, literal] = member.exec(text) ?? [];
    if (literal !== undefined) return stringOf(literal);
  }
  return undefined;
}

function stringOf(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

function messageOfXml(text: string): string | undefined {
  return /<Message>([^<]*)<\/Message>/.exec(text)?.[1].replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => {
    return entities[name as keyof typeof entities];
  });
}

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
