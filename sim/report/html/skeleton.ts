/** Text as HTML shows it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

export interface SkeletonParts {
  /** Escaped already. */
  readonly title: string;
  readonly contentPolicy: string;
  readonly script: string;
  readonly style: string;
  /** Base64, which needs no escaping. */
  readonly payload: string;
}

/** The page before its script has run. What the script fills in is marked by ids. */
export function skeleton({ title, contentPolicy, script, style, payload }: SkeletonParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title} · cache-sim</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#diagram">Skip to the diagram</a>
<header id="top">
  <div class="name"><p class="brand">cache-sim</p><h1 id="name">${title}</h1></div>
  <p id="verdict" class="verdict" role="status">Unpacking the run…</p>
  <button id="theme" type="button" aria-label="Change between light and dark">◐</button>
</header>
<noscript><p class="problem">This page draws a run with a script of its own, which this browser does not run.</p></noscript>
<p id="said" class="unseen" role="status"></p>
<p id="problem" class="problem" role="alert" hidden></p>
<main id="main" hidden>
  <section class="replay" aria-label="Replay">
    <div class="command"><code id="command" tabindex="0"></code><button id="copy" type="button">Copy</button></div>
    <dl id="facts"></dl>
  </section>
  <section id="violations" aria-label="Violations"></section>
  <section id="explanation" class="card" aria-labelledby="explanation-title" hidden>
    <h2 id="explanation-title">Why it fails</h2>
    <div id="explanation-body"></div>
  </section>
  <section class="card timeline" aria-labelledby="timeline-title">
    <div class="bar">
      <h2 id="timeline-title">Space and time</h2>
      <div class="tools">
        <label>Find <input id="search" type="search" placeholder="text or #event" autocomplete="off" spellcheck="false"></label>
        <label>Machine <select id="filter-machine"></select></label>
        <label>Key <select id="filter-key"></select></label>
        <label>Kind <select id="filter-kind"></select></label>
        <span class="group"><button id="zoom-in" type="button" aria-label="Zoom in">+</button><button id="zoom-out" type="button" aria-label="Zoom out">−</button><button id="zoom-all" type="button">All</button></span>
      </div>
    </div>
    <p id="found" class="quiet" role="status"></p>
    <div class="split">
      <div class="stage">
        <div id="scroller"><canvas id="diagram" tabindex="0" role="application" aria-label="Space-time diagram of the run. Arrow keys go from event to event, plus and minus zoom, question mark shows all keys."></canvas></div>
        <canvas id="overview" aria-hidden="true"></canvas>
        <ul id="legend" class="legend" aria-label="Legend"></ul>
      </div>
      <aside id="detail" aria-label="Selected event" aria-live="polite" tabindex="0"></aside>
    </div>
    <details id="keys-help"><summary>Keyboard and mouse</summary><dl id="key-list"></dl></details>
  </section>
  <section class="card" aria-labelledby="order-title">
    <div class="bar"><h2 id="order-title">One key, in order</h2><div class="tools"><label>Key <select id="order-key"></select></label></div></div>
    <div id="order" tabindex="0" role="region" aria-labelledby="order-title"></div>
  </section>
  <section class="card" aria-labelledby="table-title">
    <div class="bar"><h2 id="table-title">Events</h2><div id="pager" class="tools"></div></div>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="table-title"><table id="table"></table></div>
  </section>
  <section class="card" aria-labelledby="plan-title">
    <div class="bar"><h2 id="plan-title">Plan</h2><div class="tools"><button id="copy-plan" type="button">Copy</button></div></div>
    <details><summary>Everything that was decided beforehand</summary><pre id="plan" tabindex="0"></pre></details>
  </section>
</main>
<script type="text/plain" id="payload">${payload}</script>
<script>${script}</script>
</body>
</html>
`;
}
