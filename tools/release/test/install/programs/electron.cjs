// Makes a folder whose name ends with .asar look as Electron shows an archive: a folder, or a file where
// `process.noAsar` is set.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { statSync } = fs;
fs.statSync = (path, options) => {
  const stats = statSync(path, options);
  if (process.noAsar !== true || !String(path).endsWith(".asar")) return stats;
  return Object.assign(stats, { isDirectory: () => false });
};
syncBuiltinESMExports();
