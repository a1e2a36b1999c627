import { suite } from "./vitest.config.ts";

/** The comparison with tshark, which is not everywhere; `npm run oracle` runs it. */
export default suite("oracle", ["test/oracle/**/*.test.ts"]);
