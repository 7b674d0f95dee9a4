import { PAGE_FORMAT, PAGE_VERSION, type PagePayload } from "./payload.ts";

/** A problem that is told in the page, in place of the run. */
export class PageProblem extends Error {
  override readonly name = "PageProblem";
}

const AGAIN = "Write it again with: cache-sim replay PLAN --html FILE.html";

/** The payload of this page, unpacked and looked at. Throws PageProblem. */
export async function unpackPayload(base64: string): Promise<PagePayload> {
  const text = await inflate(fromBase64(base64.trim()));
  let payload: Partial<PagePayload> | null;
  try {
    payload = JSON.parse(text) as Partial<PagePayload> | null;
  } catch {
    throw damaged();
  }
  if (payload === null) throw damaged();
  if (payload.format !== PAGE_FORMAT || payload.version !== PAGE_VERSION) {
    throw new PageProblem(`The run in this page is of another version than the page itself. ${AGAIN}`);
  }
  return payload as PagePayload;
}

function damaged(): PageProblem {
  return new PageProblem(
    `The run in this page is damaged: part of the file was changed or is missing. Copy the file again. ${AGAIN}`,
  );
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let place = 0; place < binary.length; place++) bytes[place] = binary.charCodeAt(place);
    return bytes;
  } catch {
    throw damaged();
  }
}

/** Gzip ends with a checksum of its content, so that whatever was changed is seen here. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (typeof DecompressionStream === "undefined") {
    throw new PageProblem(
      "This browser cannot unpack the run (it has no DecompressionStream): use one of 2023 or later.",
    );
  }
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return await new Response(stream).text();
  } catch {
    throw damaged();
  }
}
