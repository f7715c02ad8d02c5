import { describe, expect, it } from "vitest";

import { auditOutcome } from "../src/audit.mjs";
import { licenceProblems } from "../src/licences.mjs";

describe("the licence check", () => {
  it("takes permissive licences, and either side of an OR", () => {
    const packages = [{ name: "a", versions: ["1.0.0"] }];
    expect(licenceProblems({ MIT: packages, "(MIT OR GPL-3.0)": packages })).toEqual([]);
  });

  it("names the package of any other licence, and of one side of an AND", () => {
    const found = licenceProblems({
      "GPL-3.0": [{ name: "a", versions: ["1.0.0", "2.0.0"] }],
      "MIT AND GPL-3.0": [{ name: "b", versions: ["1.0.0"] }],
      Unknown: [{ name: "c", versions: ["1.0.0"] }],
    });
    expect(found).toEqual([
      "a@1.0.0, 2.0.0: licence GPL-3.0",
      "b@1.0.0: licence MIT AND GPL-3.0",
      "c@1.0.0: licence Unknown",
    ]);
  });
});

describe("the audit", () => {
  const advisory = (severity: string) => ({
    severity,
    module_name: "a",
    title: "bad",
    url: "https://example.invalid",
  });

  it("fails on what is high or critical, and on an answer that cannot be read", () => {
    const stdout = JSON.stringify({ advisories: { 1: advisory("high"), 2: advisory("low") } });
    expect(auditOutcome({ status: 1, stdout, stderr: "" })).toEqual({
      kind: "problems",
      problems: ["a: high, bad (https://example.invalid)"],
    });
    expect(auditOutcome({ status: 1, stdout: "oops", stderr: "" })).toEqual({
      kind: "problems",
      problems: ["audit (exit status 1): oops"],
    });
  });

  it("passes when the registry in use answers no audit requests", () => {
    const stderr = "Error: ERR_PNPM_AUDIT_BAD_RESPONSE";
    expect(auditOutcome({ status: 1, stdout: "", stderr })).toEqual({ kind: "unavailable" });
  });
});
