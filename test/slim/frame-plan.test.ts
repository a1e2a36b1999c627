import { describe, expect, it } from "vitest";
import { FramePlan } from "../../src/slim/frame-plan.ts";

describe("FramePlan", () => {
  it("keeps whole what nothing was said of, also far behind", () => {
    const plan = new FramePlan();
    expect([plan.payload(7), plan.payload(1_000_000), plan.sender(7)]).toEqual([Infinity, Infinity, -1]);
  });

  it("cuts no more of what is held, and of the rest as it was said last", () => {
    const plan = new FramePlan();
    plan.cut(7, 5);
    plan.cut(8, 5);
    plan.hold(8);
    plan.cut(7, 0);
    plan.cut(8, 0);
    expect([plan.payload(7), plan.payload(8)]).toEqual([0, Infinity]);
  });

  it("brings nothing back that was dropped: it is counted with what was left out", () => {
    const plan = new FramePlan();
    plan.drop(70_000);
    plan.hold(70_000);
    expect(plan.isDropped(70_000)).toBe(true);
  });
});
