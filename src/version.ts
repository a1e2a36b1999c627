/** Name and version of the program; a test holds it equal to package.json. */
export const tool = { name: "gomodcap", version: "0.1.0" } as const;
