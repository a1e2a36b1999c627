import { suite } from "./vitest.config.ts";

/** The comparison with Go and git themselves, which are not everywhere; `npm run differential` runs it. */
export default suite("differential", ["test/differential/**/*.test.ts"]);
