import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, it } from "vitest";

import {
  endOrphanedCommands,
  markedPids,
  type ProcessReader,
  readerOf,
  RUNTIME_MARK,
} from "../../../src/transport/orphanedCommands.js";

const MARK = `${RUNTIME_MARK}=one`;

it("reads the marked processes from a list of commands and environments, as ps of macOS prints it", () => {
  const list = [
    "    1 /sbin/launchd",
    `  501 node server.js --port 80 HOME=/Users/x ${MARK} TERM=xterm`,
    `  502 /bin/zsh -c sleep 300 HOME=/Users/x ${RUNTIME_MARK}=other`,
    `99999 python3 -m http.server PATH=/bin ${MARK}`,
    `  503 node ${MARK}2`,
    "not a process",
    "",
  ].join("\n");
  expect(markedPids(list, MARK)).toEqual([501, 99999]);
  expect(markedPids("", MARK)).toEqual([]);
});

it("ends marked processes until a list has none, as a process may start another one meanwhile", () => {
  const lists = [[10, 11], [12], []];
  const marks: string[] = [];
  const killed: number[] = [];
  const reader: ProcessReader = (mark) => {
    marks.push(mark);
    return lists[marks.length - 1] ?? [];
  };
  endOrphanedCommands("one", reader, (pid) => killed.push(pid));
  expect({ marks, killed }).toEqual({ marks: [MARK, MARK, MARK], killed: [10, 11, 12] });
});

it("stops after five lists if a process cannot be ended", () => {
  let lists = 0;
  endOrphanedCommands(
    "one",
    () => {
      lists += 1;
      return [10];
    },
    () => {},
  );
  expect(lists).toBe(5);
});

it("has a reader on Linux and macOS only, and one that fails finds nothing", () => {
  expect(["linux", "darwin", "win32", "freebsd"].map((name) => typeof readerOf(name))).toEqual([
    "function",
    "function",
    "undefined",
    "undefined",
  ]);
  expect(() => endOrphanedCommands("one", readerOf("win32"))).not.toThrow();
});

it.runIf(process.platform === "linux" || process.platform === "darwin")(
  "finds and ends a real process by its environment, and leaves one with another mark",
  async () => {
    const start = (id: string) =>
      spawn(process.execPath, ["-e", "process.stdin.resume(); console.log('ready')"], {
        env: { [RUNTIME_MARK]: id },
        stdio: ["pipe", "pipe", "ignore"],
      });
    const [marked, other] = [start(`${process.pid}-one`), start(`${process.pid}-two`)];
    try {
      await Promise.all([once(marked.stdout, "data"), once(other.stdout, "data")]);
      const ended = once(marked, "exit");
      endOrphanedCommands(`${process.pid}-one`);
      expect(await ended).toEqual([null, "SIGKILL"]);
      expect([other.exitCode, other.signalCode]).toEqual([null, null]);
    } finally {
      const ended = once(other, "exit");
      other.stdin.end();
      await ended;
    }
  },
);
