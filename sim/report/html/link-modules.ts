import { readFileSync } from "node:fs";

/**
 * Puts the compiled modules of the page into one script. They are written for it: named imports from each other
 * without renaming, named exports at the beginning of a line, and no name twice at the top level; anything else is
 * an error here. So all that linking takes is their order, and leaving out two words.
 *
 * @param entry the module that starts the page
 * @throws Error that names the module and what of it cannot be linked
 */
export function linkModules(entry: URL, read: (module: URL) => string = readModule): string {
  const texts = new Map<string, string>();
  const owners = new Map<string, string>();
  visit(entry, []);
  const script = `"use strict";\n(() => {\n${[...texts.values()].join("")}})();\n`;
  if (/<\/script|<!--/i.test(script)) throw new Error("the page's script would end its own element");
  return script;

  function visit(module: URL, path: readonly string[]): void {
    const name = module.href;
    if (texts.has(name)) return;
    if (path.includes(name)) throw new Error(`${name} imports itself: ${[...path, name].join(" -> ")}`);
    const text = read(module);
    for (const [, imported = ""] of text.matchAll(IMPORT)) visit(new URL(imported, module), [...path, name]);
    const body = text
      .replaceAll(IMPORT, "")
      .replaceAll(/^export (?=(?:async )?(?:function|const|let|class)\b)/gm, "")
      .replaceAll(/^export \{\};\n?/gm, "")
      .replaceAll(/^\/\/# sourceMappingURL=.*\n?/gm, "");
    // Of names that are taken apart at the top level the check below would see none.
    const foreign = /^(?:(?:import|export|var)\b|(?:const|let) [[{]).*/m.exec(body);
    if (foreign !== null) throw new Error(`${name}: cannot link "${foreign[0]}"`);
    for (const [, declared = ""] of body.matchAll(DECLARATION)) {
      const owner = owners.get(declared);
      if (owner !== undefined) throw new Error(`${name} and ${owner} both declare ${declared}`);
      owners.set(declared, name);
    }
    texts.set(name, body);
  }
}

const IMPORT = /^import \{(?:\s*[\w$]+,)*\s*[\w$]*\s*\} from "(\.\/[\w-]+\.js)";\n?/gm;
const DECLARATION = /^(?:async )?(?:function\*?|const|let|class) +([\w$]+)/gm;

function readModule(module: URL): string {
  return readFileSync(module, "utf8");
}
