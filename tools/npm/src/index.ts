export { fetchPackage } from "./fetchPackage.js";
export { packPackage } from "./packPackage.js";
