import type { CommandExecParams } from "@openai/codex-types";

import type { RuntimeClient } from "../../client/runtimeClient.js";
import { CodexProtocolError, InvalidOptionError } from "../../errors.js";
import { onAbort } from "../../internal/abort.js";
import { isObject } from "../../internal/isObject.js";
import { checkProcessText, checkVariables } from "../../internal/processText.js";
import {
  checkBoolean,
  checkCount,
  checkFunction,
  checkOptions,
  checkPath,
  checkText,
  checkTexts,
  describeValue,
  optionsOf,
  readGiven,
} from "../../internal/validate.js";
import { OUTPUT_METHOD } from "../../router/subscribers.js";
import { REQUEST_CHECKS, type RequestOptions } from "../../rpc/requestOptions.js";
import { checkSandbox, type SandboxOptions } from "../sandbox.js";
import { withFolders } from "../settings/checkFolder.js";
import { checkSettingOptions } from "../settings/checkSettingOptions.js";
import type { AskedSandbox } from "../settings/compareSettings.js";
import { amendPolicy, toPresetPolicy } from "../settings/sandboxPolicy.js";
import type { SettingsServices } from "../settings/settingsServices.js";
import { waitWithin } from "../timeLimit.js";
import { definedOnly } from "../wireOptions.js";
import { CommandOutput, type CommandOutputChunk, type CommandTexts } from "./commandOutput.js";

/** Options of `Codex.runCommand` (`command/exec`). */
export interface RunCommandOptions extends SandboxOptions, RequestOptions {
  /** Working directory of the command. Defaults to that of the runtime. */
  readonly cwd?: string | undefined;
  /** Environment variables, merged over those that commands get. `undefined` and `null` remove a variable. */
  readonly env?: Readonly<Record<string, string | null | undefined>> | undefined;
  /** Id of a permission profile, in place of `sandbox`. Defaults to the configuration's. */
  readonly permissions?: string | undefined;
  /** Receives the output while the command runs. An error that it throws ends the command and rejects. */
  readonly onOutput?: ((chunk: CommandOutputChunk) => void) | undefined;
  /** Largest number of bytes of each stream; more is cut off. Defaults to the runtime's limit. */
  readonly outputBytesCap?: number | undefined;
  /** Aborting ends the command and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Time limit of the command, in milliseconds: it is ended then, and the call rejects with a
   * `RequestTimeoutError`. There is not a limit by default.
   */
  readonly timeoutMs?: number | undefined;
}

/** Result of a command that has ended. */
export interface CommandResult extends CommandTexts {
  /** Exit code of the command. */
  readonly exitCode: number;
}

const COMMAND_OPTIONS = optionsOf<RunCommandOptions>({
  ...REQUEST_CHECKS,
  cwd: checkPath,
  env: (name, value) => checkVariables(name, value, true),
  sandbox: checkSandbox,
  networkAccess: checkBoolean,
  additionalDirectories: checkTexts,
  permissions: checkText,
  onOutput: checkFunction,
  outputBytesCap: checkCount,
});

/** Runs a command (`command/exec`). See `Codex.runCommand`. */
export async function runCommand(
  services: SettingsServices,
  command: readonly string[],
  given: RunCommandOptions,
): Promise<CommandResult> {
  readGiven("command", () => checkCommand(command));
  checkOptions("runCommand", given, COMMAND_OPTIONS);
  const { runtime } = services;
  const options = withFolders(runtime, given);
  const { signal, timeoutMs } = options;
  const sandbox = checkSettingOptions(runtime, options);
  const processId = crypto.randomUUID();
  return waitWithin("command/exec", { signal, timeoutMs }, async (limit) => {
    const params = definedOnly({
      command: [...command],
      processId,
      streamStdoutStderr: true,
      disableTimeout: true,
      cwd: options.cwd,
      env: toVariables(options.env),
      outputBytesCap: options.outputBytesCap,
      permissionProfile: options.permissions,
      ...(await toSandbox(services, options.cwd, sandbox)),
    });
    limit?.throwIfAborted();
    return runToEnd(runtime, params, processId, options.onOutput, limit);
  });
}

async function toSandbox(
  { runtime }: SettingsServices,
  cwd: string | undefined,
  asked: AskedSandbox,
): Promise<Pick<CommandExecParams, "sandboxPolicy">> {
  const { sandbox, networkAccess, additionalDirectories } = asked;
  if (sandbox === undefined) {
    const named = networkAccess === undefined ? "additionalDirectories" : "networkAccess";
    if (networkAccess === undefined && additionalDirectories === undefined) return {};
    throw new InvalidOptionError(
      named,
      "needs sandbox beside it; name the preset that it changes.",
    );
  }
  const stored = cwd === undefined ? {} : { cwd };
  return { sandboxPolicy: amendPolicy(await toPresetPolicy(runtime, stored, sandbox), asked) };
}

async function runToEnd(
  runtime: RuntimeClient,
  params: CommandExecParams,
  processId: string,
  onOutput: RunCommandOptions["onOutput"],
  signal: AbortSignal | undefined,
): Promise<CommandResult> {
  const output = new CommandOutput(processId, onOutput);
  // Aborted when the caller leaves, or `onOutput` throws: a request that still waits is never sent then.
  const left = new AbortController();
  const stopObserving = runtime.router.observers.add([OUTPUT_METHOD], (message) => {
    try {
      output.add(message);
    } catch (error) {
      left.abort(error);
    }
  });
  const stopListening = onAbort(signal, (reason) => left.abort(reason));
  let mayRun = true;
  // Output that comes after the caller has left is not that of anybody else.
  runtime.router.ownedProcesses.add(processId);
  const onSettled = () => {
    mayRun = false;
    runtime.router.ownedProcesses.delete(processId);
  };
  try {
    const response = await runtime.dispatch("command/exec", params, {
      signal: left.signal,
      onSettled,
    });
    return toResult(response, output);
  } catch (error) {
    if (mayRun) terminate(runtime, processId);
    throw error;
  } finally {
    stopListening();
    stopObserving();
  }
}

/** Ends a command whose caller has left. One that has ended meanwhile, or never began, is refused. */
function terminate(runtime: RuntimeClient, processId: string): void {
  runtime.cleanUp("command/exec/terminate", { processId });
}

function toResult(response: unknown, output: CommandOutput): CommandResult {
  const exitCode = isObject(response) ? response["exitCode"] : undefined;
  if (typeof exitCode !== "number") {
    throw new CodexProtocolError("the response to command/exec does not have an exit code");
  }
  return { exitCode, ...output.end() };
}

function checkCommand(command: unknown): void {
  if (!Array.isArray(command) || command.length === 0) {
    const shown = Array.isArray(command) ? "an empty array" : describeValue(command);
    throw new InvalidOptionError(
      "command",
      `expected the program and its arguments as an array of strings, not ${shown}; for a line of a shell, pass ["bash", "-c", line].`,
    );
  }
  checkPath("command[0]", command[0]);
  command.forEach((argument, index) => checkProcessText(`command[${index}]`, argument));
}

function toVariables(env: RunCommandOptions["env"]): CommandExecParams["env"] {
  if (env === undefined) return undefined;
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? null]));
}
