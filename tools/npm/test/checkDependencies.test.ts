import { describe, expect, it } from "vitest";

import { auditOutcome } from "../src/audit.js";
import { licenceProblems } from "../src/licences.js";

describe("licenceProblems", () => {
  it("allows a permissive licence and an OR with one", () => {
    const packages = [{ name: "a", versions: ["1.0.0"] }];
    expect(licenceProblems({ MIT: packages, "(MIT OR GPL-3.0)": packages })).toEqual([]);
  });

  it("lists each package with another licence, also on one side of an AND", () => {
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

describe("auditOutcome", () => {
  const advisory = (severity: string) => ({
    severity,
    module_name: "a",
    title: "bad",
    url: "https://example.invalid",
  });

  it("reports high and critical advisories, and output that cannot be parsed", () => {
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

  it("is unavailable when the registry in use does not offer audits", () => {
    const stderr = "Error: ERR_PNPM_AUDIT_BAD_RESPONSE";
    expect(auditOutcome({ status: 1, stdout: "", stderr })).toEqual({ kind: "unavailable" });
  });
});
