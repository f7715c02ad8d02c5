import { describe, expect, test } from "vitest";

import { parseExecutableHeader, readExecutableHeader } from "../../src/executable/executable.js";
import { targets } from "../../src/platforms.js";
import { elfHeader, machO, pe, standInExecutable, universalMachO } from "../support/standIns.js";

describe("parseExecutableHeader", () => {
  test.each(targets)("reads the format and the architecture of $id", (target) => {
    const formats = { linux: "ELF", darwin: "Mach-O", win32: "PE" } as const;
    expect(parseExecutableHeader(standInExecutable(target, "1.2.3"))).toEqual({
      format: formats[target.os],
      os: target.os,
      cpus: [target.cpu],
      isProgram: true,
    });
  });

  test("reads all architectures of a universal Mach-O", () => {
    expect(parseExecutableHeader(universalMachO([0x01000007, 0x0100000c]))).toEqual({
      format: "Mach-O",
      os: "darwin",
      cpus: ["x64", "arm64"],
      isProgram: true,
    });
  });

  test("knows no architecture of 32-bit, big-endian and other machines and systems", () => {
    const big = elfHeader(62);
    big[5] = 2;
    const small = elfHeader(62);
    small[4] = 1;
    const freeBsd = elfHeader(62);
    freeBsd[7] = 9;
    const headers = [big, small, freeBsd, elfHeader(243), machO(7), pe(0x14c)].map(
      parseExecutableHeader,
    );
    expect(headers.map((header) => header?.cpus)).toEqual([[], [], [], [], [], []]);
  });

  test("distinguishes programs from libraries and object files", () => {
    const library = elfHeader(62, 3);
    library.writeBigUInt64LE(0n, 24);
    const others = [
      library,
      elfHeader(62, 1),
      machO(0x01000007, 6),
      pe(0x8664, 0x2022),
      pe(0x8664, 0),
    ];
    expect(others.map((bytes) => parseExecutableHeader(bytes)?.isProgram)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(parseExecutableHeader(elfHeader(62, 3))?.isProgram).toBe(true);
  });

  test("takes nothing else for an executable", () => {
    const javaClass = Buffer.from("cafebabe0000003400", "hex");
    const cut = pe(0x8664).subarray(0, 130);
    const others = ["", "#!/bin/sh\n", "MZ", "\x7fELF", "x".repeat(100)].map((text) =>
      Buffer.from(text, "latin1"),
    );
    expect([...others, javaClass, cut].map(parseExecutableHeader)).toEqual(Array(7).fill(null));
  });

  test("reads the header of the running Node", async () => {
    const header = await readExecutableHeader(process.execPath);
    expect(header).toMatchObject({ os: process.platform, isProgram: true });
    expect(header?.cpus).toContain(process.arch);
  });
});
