import { resolve } from "node:path";

import type { SandboxPolicy } from "@openai/codex-types";

import type { SettingDifference } from "../../errors/settingsErrors.js";
import { fs } from "../../internal/fileSystem.js";
import { isObject } from "../../internal/isObject.js";
import type { StoredSettings } from "./storedSettings.js";

/** The settings that a caller asked for, in the form of the wire. What was not asked for is left out. */
export interface AskedSettings {
  readonly sandbox?: string;
  readonly permissions?: string;
  readonly approvalPolicy?: string;
  readonly approvalsReviewer?: string;
  /** The option that stands for the two approval members. */
  readonly approvalOption: "approvalMode" | "onApproval";
  readonly model?: string;
  readonly modelProvider?: string;
  readonly cwd?: string;
  readonly effort?: string;
}

const SANDBOX_OF_TYPE: Readonly<Record<string, string>> = {
  readOnly: "read-only",
  workspaceWrite: "workspace-write",
  dangerFullAccess: "danger-full-access",
} satisfies Partial<Record<SandboxPolicy["type"], string>>;

/** The preset of a policy; `undefined` for one that is not a preset's, such as `externalSandbox`. */
export function presetOf(policy: SandboxPolicy | undefined): string | undefined {
  return policy === undefined ? undefined : SANDBOX_OF_TYPE[policy.type];
}

/** Reads from the params of a request which of the comparable settings they ask for. */
export function askedSettings(params: object, hasHandler: boolean): AskedSettings {
  const given = { ...params } as Readonly<Record<string, unknown>>;
  const { config } = given;
  const named = isObject(config) ? config["model_reasoning_effort"] : undefined;
  // A model that the runtime may replace is not a promise.
  const model = given["allowProviderModelFallback"] === true ? undefined : given["model"];
  const texts = Object.entries({
    sandbox: given["sandbox"],
    permissions: given["permissions"],
    approvalPolicy: given["approvalPolicy"],
    approvalsReviewer: given["approvalsReviewer"],
    model,
    modelProvider: given["modelProvider"],
    cwd: given["cwd"],
    effort: given["effort"] ?? named,
  }).filter(([, value]) => typeof value === "string");
  return {
    ...Object.fromEntries(texts),
    approvalOption: hasHandler ? "onApproval" : "approvalMode",
  };
}

/**
 * Compares what was asked for with what the runtime reports. A member that the runtime does not report
 * cannot be compared, and does not differ.
 *
 * @param folder the folder from which a relative `cwd` counts; `undefined` when the runtime may run on
 * another machine, so that its paths cannot be read here.
 */
export function compareSettings(
  asked: AskedSettings,
  effective: StoredSettings,
  folder: string | undefined,
): SettingDifference[] {
  const { sandboxPolicy } = effective;
  const differences: SettingDifference[] = [];
  const compare = (option: string, wanted: unknown, reported: unknown) => {
    if (wanted === undefined || reported === undefined || wanted === reported) return;
    differences.push({ option, asked: wanted, effective: reported });
  };
  compare("sandbox", asked.sandbox, presetOf(sandboxPolicy) ?? sandboxPolicy?.type);
  compare("permissions", asked.permissions, effective.permissions);
  const { approvalOption } = asked;
  compare(approvalOption, asked.approvalPolicy, effective.approvalPolicy);
  compare(approvalOption, asked.approvalsReviewer, effective.approvalsReviewer);
  compare("model", asked.model, effective.model);
  compare("modelProvider", asked.modelProvider, effective.modelProvider);
  compare("config.model_reasoning_effort", asked.effort, effective.effort);
  if (!isSameFolder(asked.cwd, effective.cwd, folder)) compare("cwd", asked.cwd, effective.cwd);
  return differences;
}

function isSameFolder(
  asked: string | undefined,
  reported: string | undefined,
  folder: string | undefined,
): boolean {
  if (asked === undefined || reported === undefined) return true;
  if (folder === undefined) return withoutEndSlash(asked) === withoutEndSlash(reported);
  return realPath(resolve(folder, asked)) === realPath(resolve(folder, reported));
}

function withoutEndSlash(path: string): string {
  return path.replace(/(?<=.)[/\\]+$/u, "");
}

/** The path without links; as it is when the folder does not exist, which the runtime accepts. */
function realPath(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return path;
  }
}
