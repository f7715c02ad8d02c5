// All that starts a process, in one module that is loaded when the first is started.
export { explainSpawnFailure, toLaunchCommand } from "./launch.js";
export { startExecServer } from "./execServerProcess.js";
export { StdioTransport } from "../transport/stdioTransport.js";
