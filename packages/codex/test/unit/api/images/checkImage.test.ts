import { describe, expect, it } from "vitest";

import { readerOf } from "../../../../src/api/images/byteReader.js";
import { checkImageBytes, checkImageUrl } from "../../../../src/api/images/checkImage.js";
import { InvalidOptionError } from "../../../../src/errors.js";
import { DROPPED, PASSED, typeOf } from "../../../support/damagedImages.js";
import { dataUrlOf, IMAGES, OTHER_FILES } from "../../../support/images.js";

const images = Object.entries(IMAGES);
const PNG = IMAGES["image/png"];
const check = (url: string) => checkImageUrl("image", url);

function failureOf(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a data: URL of an image", () => {
  it.each(images)("is accepted with the type of its bytes: %s", (mediaType, bytes) => {
    expect(() => check(dataUrlOf(bytes, mediaType))).not.toThrow();
  });

  it.each([
    ["an upper-case scheme", dataUrlOf(PNG, "image/png").replace("data:", "DATA:")],
    ["an upper-case type", dataUrlOf(PNG, "IMAGE/PNG")],
    ["an upper-case encoding", dataUrlOf(PNG, "image/png").replace(";base64", ";BASE64")],
    ["a parameter before the encoding", dataUrlOf(PNG, "image/png;charset=utf-8")],
    ["escaped padding", dataUrlOf(IMAGES["image/gif"], "image/gif").replaceAll("=", "%3D")],
    ["no padding", dataUrlOf(IMAGES["image/jpeg"], "image/jpeg").replace(/=+$/, "")],
    ["the common name of JPEG", dataUrlOf(IMAGES["image/jpeg"], "image/jpg")],
  ])("is accepted with %s, as the runtime does", (_what, url) => {
    expect(() => check(url)).not.toThrow();
  });

  it.each(
    images.flatMap(([declared]) =>
      images
        .filter(([type]) => type !== declared)
        .map(([type, bytes]) => ({ declared, type, bytes })),
    ),
  )(
    "is refused with both types when $type is declared as $declared",
    ({ declared, type, bytes }) => {
      expect(() => check(dataUrlOf(bytes, declared))).toThrow(
        `image: the image is declared as "${declared}", but its bytes are ${type}; declare that type.`,
      );
    },
  );

  it.each(Object.entries(OTHER_FILES))(
    "is refused by name for %s, whatever it declares",
    (name, bytes) => {
      for (const declared of ["image/png", `image/${name.toLowerCase()}`]) {
        expect(() => check(dataUrlOf(bytes, declared))).toThrow(
          new RegExp(`the image is ${name}, which the runtime drops.*image/png, image/jpeg`),
        );
      }
    },
  );

  it.each([
    ["an empty image", dataUrlOf(Buffer.alloc(0), "image/png"), /the image is empty/],
    ["other bytes", dataUrlOf(Buffer.from("not an image"), "image/png"), /not a known image/],
    ["a cut base64 text", dataUrlOf(PNG, "image/png").slice(0, -3), /damaged or cut off/],
    ["a line break", dataUrlOf(PNG, "image/png").replace("AAAA", "AA\nAA"), /line breaks/],
    [
      "the URL-safe alphabet",
      dataUrlOf(IMAGES["image/jpeg"], "image/jpeg")
        .replaceAll("/", "_")
        .replace("data:image_jpeg", "data:image/jpeg"),
      /URL-safe/,
    ],
    ["no base64", "data:image/png,abc", /does not declare base64/],
    ["no type", `data:;base64,${PNG.toString("base64")}`, /declared as ""/],
    ["a remote address", "https://example.test/a.png", /does not fetch images/],
    ["a path", "/home/me/a.png", /localImageInput\(\) for a file/],
    ["base64 without a URL", PNG.toString("base64"), /data:image\/…;base64,…/],
    ["an empty text", "", /is not a data: URL/],
  ])("is refused for %s, with the remedy", (_what, url, message) => {
    expect(() => check(url)).toThrow(message);
  });

  it.each(images)(
    "is refused when %s is cut off where the runtime would drop it",
    (type, bytes) => {
      for (const share of [0.3, 0.45]) {
        const cut = bytes.subarray(0, Math.max(14, Math.floor(bytes.length * share)));
        expect(() => check(dataUrlOf(cut, type))).toThrow(
          /is damaged or cut off; pass the whole image/,
        );
      }
    },
  );

  it.each(Object.entries(DROPPED))("is refused as damaged: %s", (name, bytes) => {
    expect(() => check(dataUrlOf(bytes, typeOf(name)))).toThrow(/is damaged or cut off/);
  });

  it.each(Object.entries(PASSED))("is accepted as the runtime accepts it: %s", (name, bytes) => {
    expect(() => check(dataUrlOf(bytes, typeOf(name)))).not.toThrow();
  });

  it.each(images)("is accepted when %s has other bytes behind it", (type, bytes) => {
    const longer = Buffer.concat([bytes, Buffer.from("trailing")]);
    expect(() => check(dataUrlOf(longer, type))).not.toThrow();
  });

  it("does not quote more than the beginning of a long value", () => {
    const failure = failureOf(() => check("x".repeat(1_000_000)));
    expect(String(failure).length).toBeLessThan(500);
  });
});

describe("the bytes of an image", () => {
  it("are checked without a declared type when there is none", () => {
    expect(() => checkImageBytes("file", readerOf(PNG), undefined)).not.toThrow();
  });

  it("end the check also when every length in them is damaged", () => {
    for (const [, bytes] of images) {
      for (let offset = 0; offset < bytes.length; offset += 1) {
        for (const value of [0, 0xff]) {
          const damaged = Uint8Array.from(bytes);
          damaged[offset] = value;
          const failure = failureOf(() => checkImageBytes("file", readerOf(damaged), undefined));
          expect(failure === undefined || failure instanceof InvalidOptionError).toBe(true);
        }
      }
    }
  });
});
