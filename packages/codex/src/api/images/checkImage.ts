import { InvalidOptionError } from "../../errors.js";
import { describeValue } from "../../internal/validate.js";
import { type ByteReader, readerOf } from "./byteReader.js";
import { formatOf, IMAGE_FORMATS, type ImageFormat, SIGNATURE_BYTES } from "./imageFormat.js";

const SUPPORTED = IMAGE_FORMATS.map(({ mediaType }) => mediaType).join(", ");
const DATA_URL = /^data:([^,;]*)((?:;[^,;]*)*),/i;
const NOT_BASE64 = /[^A-Za-z0-9+/]/;
const PADDING = /={1,2}$/;
const SHOWN_HEAD = 1000;

/** Formats that are often sent and not supported, by their first bytes, to name them in the message. */
const UNSUPPORTED: readonly (readonly [name: string, start: RegExp])[] = [
  ["SVG", /^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype svg|svg|!--)/i],
  ["HEIC", /^[^]{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)/],
  ["AVIF", /^[^]{4}ftypavi[fs]/],
  ["BMP", /^BM/],
  ["TIFF", /^(?:II\*\0|MM\0\*)/],
  ["PDF", /^%PDF/],
];

/**
 * Checks an image in a `data:` URL by its declared type and its bytes.
 *
 * @throws InvalidOptionError
 */
export function checkImageUrl(name: string, url: string): void {
  const head = DATA_URL.exec(url.slice(0, SHOWN_HEAD));
  if (head === null) {
    throw new InvalidOptionError(
      name,
      `${describeValue(url)} is not a data: URL, and the runtime does not fetch images; load the image and pass a data:image/…;base64,… URL, or use localImageInput() for a file.`,
    );
  }
  const [prefix, mediaType = "", parameters = ""] = head;
  if (!/;base64$/i.test(parameters)) {
    throw new InvalidOptionError(
      name,
      `${describeValue(prefix)} does not declare base64; pass a data:image/…;base64,… URL.`,
    );
  }
  const start = readerOf(
    Buffer.from(decodePercent(url.slice(prefix.length, SHOWN_HEAD)), "base64"),
  );
  // Before the whole text is decoded, which may take long.
  if (start.size >= SIGNATURE_BYTES && formatOf(start) === undefined)
    throw unsupportedImage(name, start);
  const text = decodePercent(url.slice(prefix.length));
  if (!isBase64(text)) {
    throw new InvalidOptionError(
      name,
      "the base64 text of the image is damaged or cut off; encode the whole image again, without line breaks and not in the URL-safe alphabet.",
    );
  }
  checkImageBytes(name, readerOf(Buffer.from(text, "base64")), mediaType);
}

/**
 * Checks an image by its bytes, and by its declared type unless that is `undefined`.
 *
 * @throws InvalidOptionError
 */
export function checkImageBytes(
  name: string,
  bytes: ByteReader,
  declared: string | undefined,
): void {
  const format = formatOf(bytes);
  if (format === undefined) throw unsupportedImage(name, bytes);
  if (declared !== undefined && !declares(declared, format)) {
    throw new InvalidOptionError(
      name,
      `the image is declared as ${describeValue(declared)}, but its bytes are ${format.mediaType}; declare that type.`,
    );
  }
  if (format.isWhole(bytes)) return;
  throw new InvalidOptionError(
    name,
    `the image (${format.mediaType}, ${bytes.size} bytes) is damaged or cut off; pass the whole image.`,
  );
}

function declares(declared: string, { mediaType }: ImageFormat): boolean {
  const type = declared.trim().toLowerCase();
  return type === mediaType || (type === "image/jpg" && mediaType === "image/jpeg");
}

function unsupportedImage(name: string, bytes: ByteReader): InvalidOptionError {
  if (bytes.size === 0) {
    return new InvalidOptionError(name, `the image is empty; pass one of: ${SUPPORTED}.`);
  }
  const start = Buffer.from(bytes.read(0, 64)).toString("latin1");
  const found = UNSUPPORTED.find(([, pattern]) => pattern.test(start))?.[0];
  const what = found === undefined ? "the bytes are not a known image" : `the image is ${found}`;
  return new InvalidOptionError(
    name,
    `${what}, which the runtime drops without an error; convert the image to one of: ${SUPPORTED}.`,
  );
}

function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The runtime takes base64 with and without its padding, but no other length. */
function isBase64(text: string): boolean {
  const padding = PADDING.exec(text.slice(-2))?.[0].length ?? 0;
  if (padding > 0 && text.length % 4 !== 0) return false;
  // A search for one character needs no stack, however long the text is.
  return text.length % 4 !== 1 && !NOT_BASE64.test(text.slice(0, text.length - padding));
}
