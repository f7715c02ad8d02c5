// Gives back on stdout what comes in on stdin, in writes of awkward sizes: node awkwardEcho.mjs.
import { writeSync } from "node:fs";

const SIZES = [1, 2, 3, 5, 7, 1, 64, 1, 4093];
let turn = 0;

function write(bytes) {
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

process.stdin.on("data", (chunk) => {
  for (let start = 0; start < chunk.length;) {
    turn += 1;
    const end = start + SIZES[turn % SIZES.length];
    write(chunk.subarray(start, end));
    start = end;
  }
});
