export { type Command, npmCommand, pnpmCommand } from "./packageManagers.js";
export { type CommandOptions, type CommandResult, collect, run } from "./runCommand.js";
