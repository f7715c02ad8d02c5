/** A PNG of one red pixel. */
export const ONE_PIXEL_PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);

/** The same image as a `data:` URL. */
export const PNG_URL = `data:image/png;base64,${ONE_PIXEL_PNG.toString("base64")}`;
