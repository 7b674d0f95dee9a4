import { startApplication } from "./application.ts";
import { byId } from "./dom.ts";
import { createRunModel } from "./run-model.ts";
import { PageProblem, unpackPayload } from "./unpack.ts";

/** Unpacks the run and shows it; or says in the page why it cannot. */
async function start(): Promise<void> {
  try {
    const payload = await unpackPayload(byId("payload", HTMLScriptElement).text);
    byId("main", HTMLElement).hidden = false;
    startApplication(createRunModel(payload));
  } catch (error) {
    const text =
      error instanceof PageProblem ? error.message : `The run in this page cannot be shown: ${String(error)}`;
    const problem = byId("problem", HTMLElement);
    problem.textContent = text;
    problem.hidden = false;
    byId("main", HTMLElement).hidden = true;
    byId("verdict", HTMLElement).textContent = "Nothing to show";
  }
}

void start();
