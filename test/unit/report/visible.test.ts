import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandLine, replayCommand } from "../../../sim/report/command-line.ts";
import { cut, visible, visibleAtMost } from "../../../sim/report/visible.ts";

describe("text from strangers", () => {
  test("cannot move the cursor, colour the terminal or turn the direction of writing", () => {
    expect(visible("\u001b[31mred\u001b[0m")).toBe("\\x1b[31mred\\x1b[0m");
    expect(visible("a\nb\tc\rd\u0007\u0000")).toBe("a\\nb\\tc\\rd\\x07\\x00");
    expect(visible("\u009b31m\u202etxt.exe\u2066\u200b\u2028\ufeff")).toBe(
      "\\x9b31m\\u{202e}txt.exe\\u{2066}\\u{200b}\\u{2028}\\u{feff}",
    );
    expect(visible("half \ud800 of a pair")).toBe("half \\u{d800} of a pair");
    expect(visible("Grüße, 東京 🎉")).toBe("Grüße, 東京 🎉");
  });

  test("is printable whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  test("is cut without breaking a character", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdefg", 6)).toBe("abcde…");
    expect(cut("abcd🎉fg", 6)).toBe("abcd…");
    expect(visibleAtMost("\n".repeat(100), 7)).toBe("\\n\\n\\n…");
  });
});

describe("a command to copy", () => {
  test("is plain where nothing needs a quote", () => {
    expect(replayCommand("scenarios/partition-heal.yaml", "seed", 17)).toBe(
      "npx cache-sim replay scenarios/partition-heal.yaml --policy seed --seed 17",
    );
  });

  test("means to the shell what it means to us", () => {
    expect(commandLine(["my file's.yaml", "$HOME", "a;b", ""])).toBe("'my file'\\''s.yaml' '$HOME' 'a;b' ''");
    expect(commandLine(["a\u001b'b"])).toBe("$'a\\x1b\\'b'");
  });
});
