import { describe, expect, test } from "vitest";
import { linkModules } from "../../../sim/report/html/link-modules.ts";

function link(modules: Readonly<Record<string, string>>): string {
  const base = new URL("file:///page/");
  return linkModules(new URL("main.js", base), (module) => {
    const text = modules[module.href.slice(base.href.length)];
    if (text === undefined) throw new Error(`no ${module.href}`);
    return text;
  });
}

describe("linking modules", () => {
  test("puts each after those that it imports, once", () => {
    const script = link({
      "main.js": 'import { a } from "./a.js";\nimport { b, c } from "./b.js";\nfound.push(a(), b(), c);\n',
      "a.js": 'import { c } from "./b.js";\nexport function a() { return c + 1; }\n',
      "b.js":
        "export const c = 1;\nexport function b() { return c + 2; }\nexport {};\n//# sourceMappingURL=b.js.map\n",
    });
    expect(script.match(/const c = 1/g)).toHaveLength(1);
    expect(script).not.toMatch(/import|export|sourceMapping/);
    expect(script.indexOf("const c")).toBeLessThan(script.indexOf("function a"));
    expect(script.indexOf("function a")).toBeLessThan(script.indexOf("found.push"));
  });

  test.each([
    ["a default import", 'import a from "./a.js";\n', /cannot link "import a/],
    ["a renaming", 'import { a as b } from "./a.js";\n', /cannot link "import \{ a as b/],
    ["a default export", "export default 1;\n", /cannot link "export default/],
    ["a name taken apart", "const [x] = [1];\n", /cannot link "const \[/],
    ["the end of a script", 'const x = "</script>";\n', /end its own element/],
  ])("refuses %s", (_what, text, message) => {
    expect(() => link({ "main.js": text, "a.js": "export const a = 1;\n" })).toThrow(message);
  });

  test("refuses a name that two modules have, and modules in a circle", () => {
    const both = {
      "main.js": 'import { a } from "./a.js";\nfunction x() {}\n',
      "a.js": "const x = 1;\nexport const a = x;\n",
    };
    expect(() => link(both)).toThrow(/both declare x/);
    const circle = {
      "main.js": 'import { a } from "./a.js";\n',
      "a.js": 'import { m } from "./main.js";\nexport const a = 1;\n',
    };
    expect(() => link(circle)).toThrow(/imports itself/);
  });
});
