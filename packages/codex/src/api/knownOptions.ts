// Only until the last caller imports internal/validate.ts itself.
export { checkOptions, optionsOf as namesOf } from "../internal/validate.js";
