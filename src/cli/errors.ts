/** What the process exits with. */
export const ExitCode = {
  Done: 0,
  /** A comparison found a difference. */
  Different: 1,
  /** Flags or arguments are wrong. */
  Usage: 2,
  /** An input is unreadable or damaged; whatever was read is reported. */
  Input: 3,
  /** A defect of the program. */
  Defect: 70,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The command line is wrong: one line, and a hint on how to mend it. Both untrusted text. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** A file that the command line names cannot be read, or is not what it should be. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** An error of the file system in words, without its code where the words say it. */
export function systemErrorText(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return systemErrors[code] ?? (error instanceof Error ? error.message : String(error));
}

const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  EMFILE: "too many open files",
  EIO: "the medium cannot be read",
  ENOSPC: "no space left on the device",
  EEXIST: "something else of that name is there",
  EROFS: "the file system is read-only",
};
