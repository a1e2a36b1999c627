import { describe, expect, it } from "vitest";
import { Naming } from "../../src/flow/naming.ts";
import { DnsLog } from "../../src/protocol/dns/log.ts";

const naming = (known: string[] = []): Naming =>
  new Naming(new DnsLog(() => undefined), new Map([["192.0.2.1", ["recorded.example"]]]), known);

describe("Naming", () => {
  it("gives the name that the recorder wrote where DNS says nothing", () => {
    expect(naming().namesFor("192.0.2.1", 9)).toEqual(["recorded.example"]);
    expect(naming().namesFor("192.0.2.2", 9)).toEqual([]);
  });

  it("gives the one name by which others called a server, and none where there were two", () => {
    const names = naming();
    names.speak("192.0.2.3", 443, "a.example");
    expect(names.spokenName("192.0.2.3", 443)).toBe("a.example");
    expect(names.spokenName("192.0.2.3", 8443)).toBeUndefined();
    names.speak("192.0.2.3", 443, "a.example");
    expect(names.spokenName("192.0.2.3", 443)).toBe("a.example");
    names.speak("192.0.2.3", 443, "b.example");
    names.speak("192.0.2.3", 443, "a.example");
    expect(names.spokenName("192.0.2.3", 443)).toBeUndefined();
  });

  it("finds known hosts by the length of host and port", () => {
    const names = naming(["sum.golang.org", "proxy.golang.org", "goproxy.cn"]);
    expect(names.hostsOfLength("sum.golang.org:443".length, 443)).toEqual(["sum.golang.org"]);
    expect(names.hostsOfLength("sum.golang.org:8443".length, 8443)).toEqual(["sum.golang.org"]);
    expect(names.hostsOfLength(4, 443)).toEqual([]);
  });
});
