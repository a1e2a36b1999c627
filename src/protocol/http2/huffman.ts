/*
 * The Huffman code of HPACK. Spec: RFC 7541 §5.2, appendix B.
 *
 * The code is canonical: shorter codes come first, those of one length in the order of their symbols, so that lengths
 * give all of it. 256 symbols are bytes; 257th is EOS, whose beginning (ones) pads the last byte.
 */
import { MalformedError } from "../../bytes/malformed.ts";

/**
 * The bytes that a Huffman-coded string stands for, in a new array.
 *
 * Throws: `bad-encoding` for EOS inside the string, and for padding of more than seven bits or other than ones.
 */
export function decodeHuffman(bytes: Uint8Array, start: number, end: number): Uint8Array {
  // No code is shorter than five bits.
  const decoded = new Uint8Array(Math.floor(((end - start) * 8) / 5));
  let length = 0;
  let node = 0;
  let depth = 0;
  let ones = true;
  for (let at = start; at < end; at++) {
    for (let bit = 7; bit >= 0; bit--) {
      const one = (bytes[at] >> bit) & 1;
      const next = tree[2 * node + one];
      depth++;
      ones &&= one === 1;
      if (next >= 0) {
        node = next;
        continue;
      }
      const symbol = -1 - next;
      if (symbol === endOfString) throw new MalformedError("bad-encoding", at - start, "EOS in a string");
      decoded[length++] = symbol;
      node = 0;
      depth = 0;
      ones = true;
    }
  }
  if (depth > 7 || !ones) throw new MalformedError("bad-encoding", end - start, "padding of a string");
  return decoded.subarray(0, length);
}

const endOfString = 256;

/** RFC 7541 appendix B: length in bits of the code of each symbol. */
// prettier-ignore
const codeLengths = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

/** Two entries a node, for 0 and for 1: the next node, or `-1 - symbol`. The root is node 0. */
const tree = plantTree();

function plantTree(): Int16Array {
  // A full tree of 257 leaves has 256 inner nodes.
  const planted = new Int16Array(2 * endOfString);
  const symbols = [...codeLengths.keys()].sort((one, two) => codeLengths[one] - codeLengths[two] || one - two);
  let nodes = 1;
  let code = 0;
  let length = 0;
  for (const symbol of symbols) {
    code <<= codeLengths[symbol] - length;
    length = codeLengths[symbol];
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const branch = 2 * node + ((code >> bit) & 1);
      if (planted[branch] === 0) planted[branch] = nodes++;
      node = planted[branch];
    }
    planted[2 * node + (code & 1)] = -1 - symbol;
    code++;
  }
  return planted;
}
