import { dirname, join, relative } from "node:path";
import { Document, Scalar, visit } from "yaml";
import { analyze } from "../analyze.ts";
import { propose } from "../check/propose.ts";
import type { CheckArguments } from "./check-arguments.ts";
import { optionsBeside } from "./check-case.ts";
import { policyName } from "./check-cases.ts";
import { exists } from "./files.ts";
import { withPath } from "./configuration-files.ts";
import { InputError } from "./errors.ts";
import { findCaptures } from "./sources.ts";

/**
 * The text of a first policy for a capture, as an expect.yaml of its folder. It holds for that capture.
 *
 * Throws: InputError, UsageError.
 */
export async function proposePolicy(capture: string, given: CheckArguments): Promise<string> {
  const { inputs, errors } = await findCaptures([capture], () => undefined);
  if (errors.length > 0) throw errors[0];
  if (inputs.length !== 1) throw new InputError(`${capture}: a policy is proposed for one capture`, "name its file");
  const folder = dirname(inputs[0].name);
  const files = namedFiles(folder, given);
  const policy = join(folder, policyName);
  const options = await optionsBeside({ folder, policy }, { ...files, rules: [] }, given);
  const { trust, rules } = propose(await analyze(inputs, options));
  if (rules.length === 0) {
    throw new InputError(`${capture}: no policy can be proposed`, "it shows no flow of Go that a rule could be about");
  }
  const carriesAnchors = files.trust === undefined && !exists(join(folder, "roots.pem"));
  return policyText({ version: 1, ...files, ...(carriesAnchors && trust !== undefined && { trust }), rules });
}

/** What the command line has the capture judged by, as the policy has to name it. */
function namedFiles(folder: string, { keylog, env, intermediates, roots }: CheckArguments) {
  const beside = (path: string): string => relative(folder, path);
  const named = (paths: readonly string[]): string[] => paths.map(beside);
  return {
    ...(keylog.length > 0 && { keylog: named(keylog) }),
    ...(env.length > 0 && { env: env.map((text) => withPath(text, beside)) }),
    ...(intermediates.length > 0 && { intermediates: named(intermediates) }),
    ...(roots !== undefined && { trust: { file: relative(folder, roots) } }),
  };
}

function policyText(policy: object): string {
  const document = new Document(policy);
  document.commentBefore =
    " What is expected of the capture in this folder: gomodcap check\n schema: gomodcap/schema/policy.json";
  visit(document, {
    Scalar: (_, node) => {
      if (String(node.value).includes("\n")) node.type = Scalar.BLOCK_LITERAL;
    },
  });
  return document.toString({ lineWidth: 0 });
}
