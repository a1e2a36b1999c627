import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ZipStream, type ZipAllowance } from "../../../src/gomod/checksum/zip-stream.ts";
import { moduleZip, type ZipFile } from "../../build/module-zip.ts";

/** Zip files as archive/zip of Go 1.26 writes them, and what dirhash.HashZip says of them. */
const fromGo: [name: string, zip: string, h1: string][] = [
  [
    "a module, with an empty file",
    "UEsDBBQACAAIAAAAAAAAAAAAAAAAAAAAAAAbAAAAZXhhbXBsZS5jb20vYUB2MS4wLjAvZ28ubW9kys1PKc1JVUitSMwtyEnVS87P1U/kAgQAAP//UEsHCLw+9CMbAAAAFQAAAFBLAwQUAAgACAAAAAAAAAAAAAAAAAAAAAAAGQAAAGV4YW1wbGUuY29tL2FAdjEuMC4wL2EuZ28qSEzOTkxPVUjk0tdXKEmtKBmlBwkNCAAA//9QSwcIfHMFEBsAAACaAQAAUEsDBBQACAAIAAAAAAAAAAAAAAAAAAAAAAAcAAAAZXhhbXBsZS5jb20vYUB2MS4wLjAvTElDRU5TRQEAAP//UEsHCAAAAAAFAAAAAAAAAFBLAQIUABQACAAIAAAAAAC8PvQjGwAAABUAAAAbAAAAAAAAAAAAAAAAAAAAAABleGFtcGxlLmNvbS9hQHYxLjAuMC9nby5tb2RQSwECFAAUAAgACAAAAAAAfHMFEBsAAACaAQAAGQAAAAAAAAAAAAAAAABkAAAAZXhhbXBsZS5jb20vYUB2MS4wLjAvYS5nb1BLAQIUABQACAAIAAAAAAAAAAAABQAAAAAAAAAcAAAAAAAAAAAAAAAAAMYAAABleGFtcGxlLmNvbS9hQHYxLjAuMC9MSUNFTlNFUEsFBgAAAAADAAMA2gAAABUBAAAAAA==",
    "h1:GYZpwmwSAn85DronRl+gWePtS958jDo03r+4ZgCuXWo=",
  ],
  ["no entry", "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
  [
    "names in other orders, UTF-8, a folder",
    "UEsDBBQACAgIAAAAAAAAAAAAAAAAAAAAAAAIAAAAei/DvC50eHQyBAQAAP//UEsHCLfv3IMHAAAAAQAAAFBLAwQUAAgACAAAAAAAAAAAAAAAAAAAAAAABwAAAHovQS50eHQyAgQAAP//UEsHCA2+1RoHAAAAAQAAAFBLAwQUAAgACAAAAAAAAAAAAAAAAAAAAAAABwAAAHovYS50eHQyBgQAAP//UEsHCJuO0m0HAAAAAQAAAFBLAwQUAAAAAAAAAAAAAAAAAAAAAAAAAAAABgAAAHovZGlyL1BLAQIUABQACAgIAAAAAAC379yDBwAAAAEAAAAIAAAAAAAAAAAAAAAAAAAAAAB6L8O8LnR4dFBLAQIUABQACAAIAAAAAAANvtUaBwAAAAEAAAAHAAAAAAAAAAAAAAAAAD0AAAB6L0EudHh0UEsBAhQAFAAIAAgAAAAAAJuO0m0HAAAAAQAAAAcAAAAAAAAAAAAAAAAAeQAAAHovYS50eHRQSwECFAAUAAAAAAAAAAAAAAAAAAAAAAAAAAAABgAAAAAAAAAAAAAAAAC1AAAAei9kaXIvUEsFBgAAAAAEAAQA1AAAANkAAAAAAA==",
    "h1:KQRNkBlPSFbdsD6WuE0Oi08jQ0USCw71P1I0fS5p11g=",
  ],
];

const files: ZipFile[] = [
  { name: "example.com/a@v1.0.0/go.mod", content: "module example.com/a\n" },
  { name: "example.com/a@v1.0.0/a.go", content: `package a\n${"// text\n".repeat(50)}` },
  { name: "example.com/a@v1.0.0/LICENSE", content: "" },
];
const hash = fromGo[0][2];

describe("hashes as Go does", () => {
  it.each(fromGo)("%s", (_, zip, h1) => expect(read(Buffer.from(zip, "base64"))).toEqual({ h1 }));

  const forms: [string, Partial<ZipFile>][] = [
    ["lengths before the content", {}],
    ["stored with a length", { stored: true }],
    ["descriptors of Go", { descriptor: "signed" }],
    ["descriptors without a signature", { descriptor: "bare" }],
    ["descriptors of 64 bits", { descriptor: "signed64" }],
    ["descriptors of 64 bits without a signature", { descriptor: "bare64" }],
    ["zip64 extras", { zip64: true }],
    ["zip64 extras and descriptors", { zip64: true, descriptor: "signed64" }],
  ];
  it.each(forms)("entries with %s", (_, form) => {
    for (const zip64 of [false, true]) {
      const zip = moduleZip(
        files.map((file) => ({ ...file, ...form })),
        { zip64 },
      );
      expect(read(zip)).toEqual({ h1: hash });
    }
  });

  it("whatever the split", () => {
    const zip = moduleZip(files.map((file) => ({ ...file, descriptor: "signed" })));
    for (let at = 0; at <= zip.length; at++) {
      expect(read(zip.subarray(0, at), zip.subarray(at))).toEqual({ h1: hash });
    }
    expect(read(...Array.from(zip, (byte) => Uint8Array.of(byte)))).toEqual({ h1: hash });
  });
});

it("has no hash for a proper prefix", () => {
  const zip = moduleZip(files);
  for (let at = 0; at < zip.length; at++) {
    expect(read(zip.subarray(0, at))).toEqual({ failure: "the zip file ends before its directory does" });
  }
});

it("has no hash where the directory and an entry disagree on a descriptor", () => {
  const zip = Buffer.from(moduleZip(files));
  zip[zip.indexOf("PK\x01\x02", 0, "latin1") + 8] ^= 8;
  expect(read(zip)).toEqual({ failure: `the directory disagrees with the entries at ${files[0].name}` });
});

describe("has no hash where it depends on the reader which end of the directory counts", () => {
  const zip = Buffer.from(moduleZip(files, { zip64: true }));
  const at = zip.length - 98;
  const changed = (offset: number, byte: number): Uint8Array => {
    const copy = Buffer.from(zip);
    copy[at + offset] = byte;
    return copy;
  };
  it.each<[string, Uint8Array]>([
    ["two zip64 ends", Buffer.concat([zip.subarray(0, at + 56), zip.subarray(at)])],
    ["two locators", Buffer.concat([zip.subarray(0, at + 76), zip.subarray(at + 56)])],
    ["a zip64 end that nothing locates", Buffer.concat([zip.subarray(0, at + 56), zip.subarray(at + 76)])],
    ["a locator of nothing", Buffer.concat([zip.subarray(0, at), zip.subarray(at + 56)])],
    ["a locator of another place", changed(56 + 8, 1)],
    ["a locator on another disk", changed(56 + 4, 1)],
    ["more disks", changed(56 + 16, 2)],
    ["another number of entries", changed(76 + 11, 0)],
  ])("%s", (_, bytes) => {
    expect(read(zip)).toEqual({ h1: hash });
    expect(read(bytes)).toEqual({ failure: "the end of the directory disagrees with the entries" });
  });
});

describe("has no hash, and says why, where", () => {
  const [first, ...rest] = files;
  const listed = (change: ZipFile["listed"]): Uint8Array => moduleZip([{ ...first, listed: change! }, ...rest]);
  const disagrees = "the directory disagrees with the entries at ";
  const refused: [string, Uint8Array, string][] = [
    ["it is no zip", Buffer.from("<html>"), "it is no zip file"],
    ...([{}, { descriptor: "signed" }, { stored: true }] as const).map((form): [string, Uint8Array, string] => [
      `a folder has content, ${JSON.stringify(form)}`,
      moduleZip([{ name: "d/", content: "x", ...form }]),
      "d/ is a folder with content, which Go refuses",
    ]),
    [
      "Go stored with a descriptor",
      Buffer.from(
        "UEsDBBQACAAAAAAAIewAAAAAAAAAAAAAAAAFAAkAYi50eHRVVAUAAQAAAABzdG9yZWQgd2l0aCBhIGRlc2NyaXB0b3JQSwcIHRJkJhgAAAAYAAAAUEsBAhQAFAAIAAAAAAAh7B0SZCYYAAAAGAAAAAUACQAAAAAAAAAAAAAAAAAAAGIudHh0VVQFAAEAAAAAUEsFBgAAAAABAAEAPAAAAFQAAAAAAA==",
        "base64",
      ),
      "b.txt is stored without a length",
    ],
    [
      "Go wrote a comment",
      Buffer.from(
        "UEsDBBQACAAIAAAAAAAAAAAAAAAAAAAAAAABAAAAYTIEBAAA//9QSwcIt+/cgwcAAAABAAAAUEsBAhQAFAAIAAgAAAAAALfv3IMHAAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAAAGFQSwUGAAAAAAEAAQAvAAAANgAAAAUAaGVsbG8=",
        "base64",
      ),
      "it has a comment, in which another directory may hide",
    ],
    [
      "Go wrote one name twice",
      Buffer.from(
        "UEsDBBQACAAIAAAAAAAAAAAAAAAAAAAAAAABAAAAYTIEBAAA//9QSwcIt+/cgwcAAAABAAAAUEsDBBQACAAIAAAAAAAAAAAAAAAAAAAAAAABAAAAYTICBAAA//9QSwcIDb7VGgcAAAABAAAAUEsBAhQAFAAIAAgAAAAAALfv3IMHAAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAAAGFQSwECFAAUAAgACAAAAAAADb7VGgcAAAABAAAAAQAAAAAAAAAAAAAAAAA2AAAAYVBLBQYAAAAAAgACAF4AAABsAAAAAAA=",
        "base64",
      ),
      "it has two files of one name",
    ],
    ["an entry is encrypted", moduleZip([{ ...first, flags: 1 }]), `${first.name} is encrypted`],
    [
      "the method is unknown",
      moduleZip([{ ...first, method: 12 }]),
      `${first.name} is compressed by method 12, which Go does not know`,
    ],
    ["the checksum before it is wrong", moduleZip([{ ...first, crc: 1 }]), `${first.name} is not what its header says`],
    [
      "the checksum behind it is wrong",
      moduleZip([{ ...first, crc: 1, descriptor: "signed" }]),
      `${first.name} is not what is written behind it`,
    ],
    ["the directory has another name", listed({ name: "x" }), `${disagrees}x`],
    ["the directory has another checksum", listed({ crc: 1 }), disagrees + first.name],
    ["the directory has another size", listed({ size: 1 }), disagrees + first.name],
    ["the directory has another place", listed({ offset: 1 }), disagrees + first.name],
    ["the directory has another method", listed({ method: 0 }), disagrees + first.name],
    [
      "the directory lacks an entry",
      moduleZip(files, { listed: 2 }),
      "the end of the directory disagrees with the entries",
    ],
    [
      "something stands between",
      moduleZip(files, { between: Buffer.from("hidden") }),
      "what follows an entry is no part of a zip file",
    ],
    ["bytes follow", Buffer.concat([moduleZip(files), Buffer.of(0)]), "bytes follow the end of the directory"],
    [
      "another zip follows",
      Buffer.concat([moduleZip(files), moduleZip(rest)]),
      "bytes follow the end of the directory",
    ],
    [
      "a name has a line feed",
      moduleZip([{ name: "a\nb", content: "" }]),
      "a file name has a line feed, which Go refuses",
    ],
    ["deflated bytes are damaged", damaged(), `${first.name} is damaged: block of an unknown type`],
  ];
  it.each(refused)("%s", (_, zip, failure) => expect(read(zip)).toEqual({ failure }));
});

describe("spends no more than is allowed, and gives back entries", () => {
  const bomb = moduleZip([{ name: "zeros", content: new Uint8Array(4 << 20), descriptor: "signed" }]);

  it("of content", () => {
    const allowance = { inflated: 1 << 20, entries: 10, reason: "enough" };
    const stream = new ZipStream(allowance);
    expect(stream.push(bomb, 0, bomb.length)).toBe(false);
    expect(stream.finish()).toBeUndefined();
    expect(stream.failure).toBe("enough");
    expect(allowance.entries).toBe(10);
    expect(allowance.inflated).toBeGreaterThan(-65_536);
  });

  it("of entries", () => {
    const allowance = { inflated: 1 << 20, entries: 2, reason: "enough" };
    const stream = new ZipStream(allowance);
    const zip = moduleZip(files);
    expect(stream.push(zip, 0, zip.length)).toBe(false);
    expect([stream.finish(), stream.failure]).toEqual([undefined, "it has more entries than are held"]);
    expect(allowance.entries).toBe(2);
  });
});

it("gives a damaged zip no other hash", () => {
  const zip = moduleZip(files.map((file) => ({ ...file, descriptor: "signed" })));
  fc.assert(
    fc.property(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const other = Uint8Array.from(zip);
      other[at] ^= change;
      const { h1 = hash } = read(other);
      expect(h1).toBe(hash);
    }),
    { seed: 3, numRuns: 400 },
  );
});

function damaged(): Uint8Array {
  const zip = moduleZip(files);
  zip[30 + files[0].name.length] = 0x07;
  return zip;
}

function read(...pieces: Uint8Array[]): { h1?: string; failure?: string } {
  const allowance: ZipAllowance = { inflated: 1 << 30, entries: 100, reason: "enough" };
  const stream = new ZipStream(allowance);
  for (const piece of pieces) {
    const lent = Uint8Array.from(piece);
    stream.push(lent, 0, lent.length);
    lent.fill(0xdb);
  }
  const h1 = stream.finish();
  expect(allowance.entries).toBe(100);
  return h1 === undefined ? { failure: stream.failure! } : { h1 };
}
