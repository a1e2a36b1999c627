const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const text = (value: string): number[] => [...Buffer.from(value, "latin1")];

export function greeting(...methods: readonly number[]): Uint8Array {
  return Uint8Array.from([5, methods.length, ...methods]);
}

export function password(user: string, secret: string): Uint8Array {
  return Uint8Array.from([1, user.length, ...text(user), secret.length, ...text(secret)]);
}

export function request5(host: string, port: number, command = 1): Uint8Array {
  return Uint8Array.from([5, command, 0, 3, host.length, ...text(host), ...u16(port)]);
}

export function reply5(reply: number): Uint8Array {
  return Uint8Array.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/** A SOCKS4 request; 4a where a name is given. */
export function request4(address: readonly number[], port: number, user = "", name?: string): Uint8Array {
  const behind = name === undefined ? [] : [...text(name), 0];
  return Uint8Array.from([4, 1, ...u16(port), ...address, ...text(user), 0, ...behind]);
}

export function reply4(code: number): Uint8Array {
  return Uint8Array.from([0, code, 0, 0, 0, 0, 0, 0]);
}
