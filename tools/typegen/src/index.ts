export { askRuntime } from "./askRuntime.js";
export type { ProtocolDescription } from "./askRuntime.js";
export type { Described, WrittenBy } from "./describeTree.js";
export { diffProtocol } from "./diffProtocol.js";
export type {
  Change,
  DescribedMethod,
  DescribedType,
  ElementDiff,
  ProtocolDiff,
} from "./diffProtocol.js";
export { GenerationError } from "./generationError.js";
export type { GenerationErrorCode } from "./generationError.js";
export { generateTypes } from "./generateTypes.js";
export type { GenerateTypesOptions, ProtocolCounts, ProtocolManifest } from "./generateTypes.js";
export type { MethodEntry, Stability } from "./methodMaps.js";
