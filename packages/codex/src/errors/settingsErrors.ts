import { CodexError } from "./codexError.js";

/** A setting that the runtime did not take over, as `SettingsNotAppliedError` carries it. */
export interface SettingDifference {
  /** Name of the option, as the caller wrote it. */
  readonly option: string;
  /** The value that was asked for. */
  readonly asked: unknown;
  /** The value that the runtime reports. */
  readonly effective: unknown;
}

/**
 * The runtime opened the thread, but reports another setting than the one that was asked for, also
 * after an attempt to change it. No `Thread` is returned.
 */
export class SettingsNotAppliedError extends CodexError {
  override name = "SettingsNotAppliedError";
  /** Id of the thread, which the runtime keeps with its own settings. */
  readonly threadId: string;
  /** Name of the option, as the caller wrote it. */
  readonly option: string;
  /** The value that was asked for. */
  readonly asked: unknown;
  /** The value that the runtime reports. */
  readonly effective: unknown;

  constructor(threadId: string, difference: SettingDifference, options?: ErrorOptions) {
    const { option, asked, effective } = difference;
    super(
      "SETTINGS_NOT_APPLIED",
      `${option}: asked for ${show(asked)}, but the thread ${threadId} has ${show(effective)}. ${remedyOf(option)}`,
      options,
    );
    this.threadId = threadId;
    this.option = option;
    this.asked = asked;
    this.effective = effective;
  }
}

function remedyOf(option: string): string {
  if (option === "sandbox" || option === "permissions") {
    return 'The configuration or its managed requirements may forbid it; on Windows, set up the runtime\'s sandbox first (config: { windows: { sandbox: "unelevated" } }).';
  }
  if (option === "additionalDirectories") {
    return 'Only the sandbox "workspace-write" has writable directories: pass it as sandbox.';
  }
  return "Leave the option out, or ask for what the configuration and its managed requirements allow.";
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
