import { performance } from "node:perf_hooks";

/** The median time of `rounds` calls, in milliseconds. */
export async function medianMs(rounds, fn) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await fn(round);
    times.push(performance.now() - start);
  }
  return median(times);
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function ms(value) {
  return `${value.toFixed(1)} ms`;
}
