import { describe, expect, it } from "vitest";
import { editsOfLine, type Edit } from "../../src/slim/edits.ts";
import { TextScan } from "../../src/slim/text-scan.ts";

/** The line with credentials as `*` and addresses as `#`, or `?` where they may be none. */
function marked(line: string): string {
  let text = line;
  for (const { at, length, what } of editsOfLine(line, 0)) {
    const mark = what.kind === "credential" ? "*" : what.kind === "text" && !what.certain ? "?" : "#";
    text = text.slice(0, at) + mark.repeat(length) + text.slice(at + length);
  }
  return text;
}

describe("editsOfLine", () => {
  it.each([
    ["Authorization: Basic YTpi", "Authorization: Basic ****"],
    ["proxy-authorization:Negotiate YIIa bb==", "proxy-authorization:Negotiate *********"],
    ["Authorization: YTpi", "Authorization: ****"],
    ["Authorization: Basic", "Authorization: *****"],
    ["Cookie: a=b; c=d", "Cookie: ********"],
    ["Set-Cookie: a=b", "Set-Cookie: ***"],
    ["X-Auth-Token: 123", "X-Auth-Token: ***"],
    ["GET http://u:p@ss@host/a HTTP/1.1", "GET http://******@host/a HTTP/1.1"],
    ["CONNECT u:p@10.0.0.1:443 HTTP/1.1", "CONNECT ***@########:443 HTTP/1.1"],
    ["Host: u@[fd00::1]:8080", "Host: *@[#######]:8080"],
    ["GET /a?token=abc&x=1&sig=d HTTP/1.1", "GET /a?token=***&x=1&sig=* HTTP/1.1"],
    ["Location: http://192.0.2.1/a", "Location: http://#########/a"],
    ["dial tcp 192.0.2.1:443: refused", "dial tcp ?????????:443: refused"],
    ["X-Forwarded-For: fd00:1::2, 192.0.2.1", "X-Forwarded-For: #########, #########"],
    ["User-Agent: Chrome/120.0.0.0 v1.2.3.4.5", "User-Agent: Chrome/????????? v1.2.3.4.5"],
    ["a1 LOGIN me secret", "a1 LOGIN *********"],
    ["PASS secret", "PASS ******"],
    ["Proxy-Authentication-Info: rspauth", "Proxy-Authentication-Info: *******"],
    ["WWW-Authenticate: Negotiate YIIa", "WWW-Authenticate: Negotiate ****"],
    ["Content-Length: 12", "Content-Length: 12"],
    ["// a comment for me@example.com", "// a comment for me@example.com"],
    ["std::string a::b", "std::string ????"],
  ])("%s", (line, expected) => expect(marked(line)).toBe(expected));

  it("takes no longer for lines made to be slow", () => {
    for (const part of ["//", "//a@", "?token", "[::::", "::", "1.1.", "&sig=", "a:", "\t "])
      expect(Array.isArray(editsOfLine(part.repeat(200_000), 0))).toBe(true);
  });
});

describe("TextScan", () => {
  function found(...pieces: readonly (string | number)[]): [at: number, length: number][] {
    const edits: Edit[] = [];
    const scan = new TextScan((edit) => edits.push(edit));
    let offset = 0;
    for (const piece of pieces) {
      if (typeof piece === "number") {
        scan.cut();
        offset += piece;
        continue;
      }
      const bytes = Buffer.from(`##${piece}##`, "latin1");
      scan.take(bytes, 2, bytes.length - 2, offset);
      offset += piece.length;
    }
    scan.cut();
    return edits.map(({ at, length }) => [at, length]);
  }

  const text =
    "GET / HTTP/1.1\r\nCookie: abc\r\n\tdef\r\nAuthorization: Bearer ghi\r\n\r\n\0\0Cookie: no\nCookie: yes\n";

  it("finds the same wherever the bytes are cut", () => {
    const whole = found(text);
    expect(whole).toEqual([
      [24, 3],
      [29, 4],
      [57, 3],
      [85, 3],
    ]);
    // What was binary may be text again with the next bytes.
    for (let cut = 1; cut < text.indexOf("\0"); cut++) {
      expect(found(text.slice(0, cut), text.slice(cut)), `cut at ${cut}`).toEqual(whole);
    }
  });

  it("takes what follows lost bytes of a credential for the rest of it", () => {
    expect(found("Cookie: abc", 10, "def\r\nHost: x\r\n")).toEqual([
      [8, 3],
      [21, 3],
    ]);
  });

  it("looks at lines of any length", () => {
    const long = "x".repeat(200_000);
    const edits = found(`Cookie: ${long}`, long, "\r\nHost: x\r\n");
    expect(edits.reduce((sum, [, length]) => sum + length, 0)).toBe(400_000);
  });
});
