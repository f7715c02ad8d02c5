import { describe, expect, it } from "vitest";

import { filesBelow, repoRoot } from "../support/sourceFiles.js";
import { type WrittenText, writtenTextsIn } from "../support/writtenTexts.js";

/** First words of a doc comment that make it a fragment of a question, not a verb or a noun phrase. */
const FIRST_WORDS =
  /^(?:What|Who|Whom|Whose|Where|When|How|Whether|Which|Why|Something|By which)\b/u;

/** Words that are not used, each with the one that is. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:says?|said|saying)\b/iu, "reports, returns, names"],
  [/\b(?:tells?|told|telling)\b/iu, "sends, reports, distinguishes"],
  [/\b(?:hears?|heard)\b/iu, "receives, is notified"],
  [/\bwho(?:ever)? waits?\b/iu, "waiter, pending caller"],
  [/\b(?:goes|go|went) on\b/iu, "continues"],
  [/\b(?:is|are|was|were) over\b|\bgets? over\b/iu, "has ended"],
  [/\bcomes? to nothing\b/iu, "fails"],
  [/\b(?:gives?|gave|giving) up\b/iu, "cancels, times out, fails"],
  [/\btakes? up again\b/iu, "resumes"],
  [/\bshakes? hands\b/iu, "performs the handshake"],
  [/\bmend(?:s|ed)?\b/iu, "fix, remedy"],
  [/\b(?:bears?|bore)\b/iu, "has, carries"],
  [/\b(?:rubbish|junk)\b/iu, "invalid line, unparsable message"],
  [/\blanes?\b/iu, "version group"],
  [/\bforeign\b/iu, "for another platform"],
  [/\bhal(?:f|ves) of a surrogate\b|\bno well-formed\b/iu, "lone surrogate"],
  [/\bcircles?\b/iu, "circular reference"],
  [/\bthe other side\b/iu, "the app-server, the client"],
  [/(?<!\bthere )\b(?:is|are|was|were) no\b(?! (?:longer|more|later|larger|less))/iu, "is not a"],
  [/\btakes? no\b/iu, "does not take"],
];

/** A code of a list that a reader of the title does not have. */
const CODE = /^[A-Z]{1,2}\d+\b|\([A-Z]{1,2}\d+\)/u;

const OPENINGS: Readonly<Record<string, RegExp>> = {
  "doc comment": FIRST_WORDS,
  "test title": CODE,
};

function faultsOf({ kind, text, place }: WrittenText): string[] {
  const opening = OPENINGS[kind]?.exec(text)?.[0] ?? null;
  return [
    ...(opening === null ? [] : [`${place}: the ${kind} has "${opening}"`]),
    ...WORDS.flatMap(([word, better]) => {
      const found = word.exec(text)?.[0];
      return found === undefined ? [] : [`${place}: "${found}" in a ${kind}; write: ${better}`];
    }),
  ];
}

describe("doc comments, error messages and test titles", () => {
  const sources = ["packages", "tools"].flatMap((folder) =>
    filesBelow(`${repoRoot}${folder}`, (path) => /(?<!\.d)\.[cm]?[jt]s$/u.test(path)).map(
      ({ path, text }) => ({ path: `${folder}/${path}`, text }),
    ),
  );
  // This file has the words of the list.
  const texts = sources
    .filter(({ path }) => !path.endsWith("architecture/language.test.ts"))
    .flatMap(writtenTextsIn);

  it.each(["doc comment", "error message", "test title"])(
    "a %s is in the plain words of the list, and opens with neither a question word nor a code",
    (kind) => {
      const those = texts.filter((text) => text.kind === kind);
      expect(those.length).toBeGreaterThan(100);
      expect(those.flatMap(faultsOf)).toEqual([]);
    },
  );

  it("faults of each kind are found", () => {
    const text = `
      /** Whether it is over. */
      export const a = 1;
      throw new CodexError("that is " + (a ? \`no \${a} folder\` : "is no folder"));
      it.each([1])("tells %i", () => {});
      it("S7: rejects", () => {});
      /** Returns what \`tells\` says. */
      export const b = 1;
    `;
    expect(writtenTextsIn({ path: "x.ts", text }).flatMap(faultsOf)).toEqual([
      'x.ts:2: the doc comment has "Whether"',
      'x.ts:2: "is over" in a doc comment; write: has ended',
      'x.ts:7: "says" in a doc comment; write: reports, returns, names',
      'x.ts:4: "is no" in a error message; write: is not a',
      'x.ts:5: "tells" in a test title; write: sends, reports, distinguishes',
      'x.ts:6: the test title has "S7"',
    ]);
  });
});
