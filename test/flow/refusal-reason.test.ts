import { describe, expect, it } from "vitest";
import { refusalReason } from "../../src/flow/refusal-reason.ts";

describe("why a server refused", () => {
  it.each([
    ["Artifactory", "application/json", `{"errors" : [ {"status" : 403, "message" : "Blocked by policy"} ]}`],
    ["GitLab", "application/json; charset=utf-8", `{"message":"Blocked by policy"}`],
    ["OAuth", "application/json", `{"error":"insufficient_scope","error_description":"Blocked by policy"}`],
    ["Google", "application/json", `{"error":{"code":403,"message":"Blocked by policy","status":"PERMISSION_DENIED"}}`],
    ["RFC 9457", "application/problem+json", `{"type":"about:blank","title":"Forbidden","detail":"Blocked by policy"}`],
    ["a code alone", "application/json", `{"error":"Blocked by policy"}`],
    ["an answer that is cut", "application/json", `{"message":"Blocked by policy","trace":"at com.examp`],
    [
      "S3",
      "application/xml",
      `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Blocked by policy</Message>`,
    ],
    ["escapes", "application/json", String.raw`{"message":"Blocked\n\u0062y  policy"}`],
  ])("%s", (_, contentType, body) => {
    expect(refusalReason(body, contentType)).toBe("Blocked by policy");
  });

  it.each([
    ["no sentence", "application/json", `{"status":404}`],
    ["no JSON", "application/json", "<h1>Forbidden</h1>"],
    ["a message that is cut", "application/json", `{"message":"Blocked by`],
    ["a message that is no text", "application/json", `{"message":{"a":1}}`],
    ["a wrong escape", "application/json", String.raw`{"message":"\x"}`],
    ["control characters", "application/json", String.raw`{"message":"\u001b[31mred"}`],
    ["a blank message", "application/json", `{"message":" "}`],
    ["a page", "text/html", `{"message":"Blocked by policy"}`],
    ["nothing known of it", undefined, `{"message":"Blocked by policy"}`],
  ])("is not told by %s", (_, contentType, body) => {
    expect(refusalReason(body, contentType)).toBeUndefined();
  });

  it("is one line of bounded length without secrets", () => {
    expect(refusalReason(`<Message>a &lt;b&gt; &amp;lt; c</Message>`, "text/xml")).toBe("a <b> &lt; c");
    expect(refusalReason(`{"message":"no https://user:secret@h.example/x"}`, "application/json")).toBe(
      "no https://h.example/x",
    );
    const long = refusalReason(`{"message":"${"word ".repeat(100)}"}`, "application/json");
    expect(long).toHaveLength(241);
    expect(long?.endsWith("…")).toBe(true);
  });
});
