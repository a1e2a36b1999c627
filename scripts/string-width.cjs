/*
 * Stands for string-width in the bundle, for text that cli-table3 has taken the colours from: it measures by the rule that
 * the rest of the report is laid out by, and the pattern of all emoji, which takes longer to compile than a table to draw,
 * stays out.
 */
module.exports = require("../src/report/layout.ts").displayWidth;
