import { describe, expect, it } from "vitest";
import { linkTypeName } from "../../src/capture/link-types.ts";

describe("linkTypeName", () => {
  it.each([
    [0, "NULL"],
    [1, "ETHERNET"],
    [101, "RAW"],
    [113, "LINUX_SLL"],
    [276, "LINUX_SLL2"],
    [4711, "LINKTYPE 4711"],
  ])("names %i %s", (linkType, name) => {
    expect(linkTypeName(linkType)).toBe(name);
  });
});
