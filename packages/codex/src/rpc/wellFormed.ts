export { serializeMessage } from "./serialize.js";
