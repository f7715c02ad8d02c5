import type { RuntimeClient } from "../../client/runtimeClient.js";
import { InvalidOptionError } from "../../errors.js";
import { checkBoolean, checkTexts, describeValue, isGiven } from "../../internal/validate.js";
import { checkSandbox, type SandboxOptions } from "../sandbox.js";
import { realFolder, toFolder } from "./checkFolder.js";
import type { AskedSandbox } from "./compareSettings.js";

/** Options of threads, turns and updates that are checked together. */
export interface CheckedOptions extends SandboxOptions {
  readonly permissions?: unknown;
  readonly modelProvider?: unknown;
}

/**
 * Checks the sandbox that options ask for, and returns the part of the sandbox that is
 * not sent as it is, with the folders as the runtime has them.
 *
 * @throws InvalidOptionError for a folder that does not exist, and for options that cannot be combined.
 */
export function checkSettingOptions(runtime: RuntimeClient, options: CheckedOptions): AskedSandbox {
  const { sandbox, networkAccess, additionalDirectories, permissions } = options;
  if (isGiven(options.modelProvider)) checkProvider(runtime, options.modelProvider);
  if (sandbox !== undefined) checkSandbox("sandbox", sandbox);
  if (networkAccess !== undefined) checkBoolean("networkAccess", networkAccess);
  if (isGiven(permissions)) {
    for (const name of ["sandbox", "networkAccess", "additionalDirectories"] as const) {
      if (options[name] !== undefined) throw notWithPermissions(name, permissions);
    }
  }
  if (sandbox === "danger-full-access" && networkAccess === false) {
    throw new InvalidOptionError(
      "networkAccess",
      'false has no effect in the sandbox "danger-full-access", which has no limits; choose another sandbox.',
    );
  }
  if (sandbox === "read-only" && additionalDirectories !== undefined) {
    throw new InvalidOptionError(
      "additionalDirectories",
      'cannot be written in the sandbox "read-only"; choose "workspace-write".',
    );
  }
  if (networkAccess !== undefined || additionalDirectories !== undefined) {
    checkCanUpdate(
      runtime,
      networkAccess === undefined ? "additionalDirectories" : "networkAccess",
    );
  }
  return {
    sandbox,
    networkAccess,
    additionalDirectories: toFolders(runtime, additionalDirectories),
  };
}

/** The base URL of the client is the built-in provider's. */
function checkProvider({ options }: RuntimeClient, provider: unknown): void {
  if (options.baseUrl === undefined || provider === "openai") return;
  throw new InvalidOptionError(
    "modelProvider",
    `cannot be ${describeValue(provider)} in a client with baseUrl, which is the built-in provider's; leave one of the two out.`,
  );
}

/** These are set by an experimental method. */
function checkCanUpdate({ options }: RuntimeClient, name: string): void {
  if (options.experimentalApi !== false) return;
  throw new InvalidOptionError(
    name,
    "needs the runtime's experimental API, which experimentalApi: false turns off; set sandbox_workspace_write in the configuration.",
  );
}

function notWithPermissions(name: string, permissions: unknown): InvalidOptionError {
  return new InvalidOptionError(
    name,
    `cannot be combined with permissions ${describeValue(permissions)}, which decides about the sandbox as a whole; pass one of the two.`,
  );
}

function toFolders(
  runtime: RuntimeClient,
  directories: readonly string[] | undefined,
): readonly string[] | undefined {
  if (directories === undefined) return undefined;
  checkTexts("additionalDirectories", directories);
  return directories.map((directory, index) => {
    const folder = toFolder(runtime, `additionalDirectories[${index}]`, directory);
    return runtime.connector.isLocal ? realFolder(folder) : folder;
  });
}
