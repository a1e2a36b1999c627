import { expect, it } from "vitest";
import { describeHttp } from "../../src/flow/http-report.ts";
import { exchange } from "../build/exchange.ts";

it("an answer whose request was not seen has no method and no target", () => {
  const unseen = { method: "", requestTarget: "", requestFrame: 0, responseFrame: 7 };
  const report = describeHttp(exchange("https://h.example/x", unseen), true, false);
  for (const field of ["method", "requestTarget", "path"]) expect(report).not.toHaveProperty(field);
  expect(report).toMatchObject({ status: 200, responseFrame: 7 });
});

it("a request whose method HTTP/2 does not tell keeps the rest", () => {
  const report = describeHttp(exchange("https://h.example/x", { method: "" }), true, false);
  expect(report).not.toHaveProperty("method");
  expect(report).toMatchObject({ requestTarget: "/x", path: "/x" });
});
