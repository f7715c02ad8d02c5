import { describe, expect, it } from "vitest";

import { askedSettings, compareSettings } from "../../../../src/api/settings/compareSettings.js";
import { settingsOfResponse } from "../../../../src/api/settings/storedSettings.js";

const REPORTED = settingsOfResponse({
  model: "gpt",
  modelProvider: "mock",
  cwd: "/no/such/place",
  approvalPolicy: "on-request",
  approvalsReviewer: "user",
  sandbox: { type: "workspaceWrite", writableRoots: [], networkAccess: false },
  activePermissionProfile: { id: ":workspace", extends: null },
  reasoningEffort: "high",
});

function compare(params: object, hasHandler = false) {
  return compareSettings(
    askedSettings(params, hasHandler ? { onApproval: () => undefined } : {}),
    REPORTED,
    true,
  );
}

describe("comparing what was asked for with what the runtime reports", () => {
  it.each([
    ["sandbox", { sandbox: "read-only" }, "read-only", "workspace-write"],
    ["sandbox", { sandbox: "danger-full-access" }, "danger-full-access", "workspace-write"],
    ["permissions", { permissions: ":read-only" }, ":read-only", ":workspace"],
    ["approvalMode", { approvalPolicy: "never" }, "never", "on-request"],
    ["model", { model: "other" }, "other", "gpt"],
    ["modelProvider", { modelProvider: "other" }, "other", "mock"],
    ["cwd", { cwd: "/other" }, "/other", "/no/such/place"],
    ["config.model_reasoning_effort", { config: { model_reasoning_effort: "low" } }, "low", "high"],
  ])("names %s when %o was asked for", (option, params, asked, effective) => {
    expect(compare(params)).toEqual([{ option, asked, effective }]);
  });

  it("names onApproval when the handler was asked for and another reviewer is in force", () => {
    const params = { approvalPolicy: "on-request", approvalsReviewer: "auto_review" };

    expect(compare(params, true)).toEqual([
      { option: "onApproval", asked: "auto_review", effective: "user" },
    ]);
  });

  it.each([
    {},
    { sandbox: "workspace-write" },
    { permissions: ":workspace" },
    { approvalPolicy: "on-request", approvalsReviewer: "user" },
    { cwd: "/no/such/../such/place/" },
    { model: "other", allowProviderModelFallback: true },
  ])("finds nothing when %o was asked for", (params) => {
    expect(compare(params)).toEqual([]);
  });

  it("does not take a member that is not reported for a difference", () => {
    const asked = askedSettings({ sandbox: "read-only", model: "gpt" }, {});

    expect(compareSettings(asked, settingsOfResponse({}), true)).toEqual([]);
  });

  it("takes an external sandbox for none of the presets", () => {
    const reported = settingsOfResponse({ sandbox: { type: "externalSandbox" } });

    expect(compareSettings(askedSettings({ sandbox: "read-only" }, {}), reported, true)).toEqual([
      { option: "sandbox", asked: "read-only", effective: "externalSandbox" },
    ]);
  });
});
