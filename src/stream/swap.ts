import type { ConnectionFacts } from "./facts.ts";

/** The same connection with client and server the other way round: what a protocol found out about one joined midway. */
export function swapDirections(facts: ConnectionFacts): ConnectionFacts {
  return {
    ...facts,
    clientAddress: facts.serverAddress,
    clientPort: facts.serverPort,
    serverAddress: facts.clientAddress,
    serverPort: facts.clientPort,
    ...(facts.closedBy !== undefined && { closedBy: facts.closedBy === 0 ? 1 : 0 }),
    bytes: swapped(facts.bytes),
    lost: swapped(facts.lost),
    unacknowledged: swapped(facts.unacknowledged),
    largestSegment: swapped(facts.largestSegment),
    firstSequence: swapped(facts.firstSequence),
  };
}

function swapped([first, second]: [number, number]): [number, number] {
  return [second, first];
}
