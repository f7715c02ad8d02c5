export { fetchPackage } from "./npmFetch.js";
