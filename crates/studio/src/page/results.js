// ---- what was found ----------------------------------------------------------------------------
const percent = share => share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)} %`;
const rate = value => value === null || value === undefined ? "–" : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
const lasting = minutes => minutes === null || minutes === undefined ? "–" : minutes < 120 ? `${Math.round(minutes)} min`
  : minutes < 2880 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 1440).toFixed(1)} days`;

// The numbers of one side; `before` are those it had when the page was opened or last pinned. Until all series are worked out
// there are none: those of the text before would be taken for its own.
const sum = (side, letter, before, figures) => {
  const list = make("dl", "sum" + (side.stale ? " stale" : ""));
  const add = (name, value, more, className) => list.append(make("div", className || "", make("dt", "", name), make("dd", "", value, more ? make("small", "", more) : "")));
  if (letter) list.append(make("div", "letter", letter));
  if (side.partial) {
    for (const name of ["alerts per week", "alerts", "anomalies"]) add(name, "…", "", name === "alerts per week" ? "main" : "");
    list.append(make("div", "waits", side.stale ? "all series were not worked out" : "all series are being worked out"));
    return list;
  }
  const was = before && before.perWeek !== null && before.perWeek !== side.perWeek ? `was ${rate(before.perWeek)}` : "";
  add("alerts per week", rate(side.perWeek), was, "main");
  add("alerts", side.alerts);
  add("anomalies", side.anomalies, side.suppressed ? `${side.suppressed} suppressed` : "");
  if (side.incidents !== null) add("incidents", side.incidents);
  if (side.removed) add("removed by filters", side.removed, side.removedBy.map(([name, count]) => side.removedBy.length > 1 ? `${name} ${count}` : name).join(", "));
  if (figures) {
    add("precision", percent(figures.precision), `${figures.trueAlerts} of ${figures.alerts} anomalies`, "label");
    add("recall of incidents", percent(figures.recall), `${figures.found} of ${figures.incidents} told`, "label");
    add("median delay", lasting(figures.medianDelayMinutes), "", "label");
  }
  return list;
};

// The charts of one side in `root`. `view` and `chosen` live outside, and are the same for both sides.
const results = (root, shared) => {
  let life = null, charts = null, side = null, lettered = "";
  // While a slider is dragged nobody reads what led to an anomaly.
  let latest = 0;
  const settled = async target => {
    const mine = ++latest;
    await new Promise(done => setTimeout(done, 150));
    // The side may be gone by then, as nothing is compared any more.
    return mine === latest && side ? trace(target) : "";
  };
  const trace = async target => {
    const {html, error} = await told("trace", [side.answer], target);
    return html || make("p", "ask", error || "Nothing is known of it.").outerHTML;
  };
  root.addEventListener("toggle", async event => {
    const details = event.target, row = details.closest && details.closest("tr[id]");
    if (!details.open || !side) return;
    if (details.classList.contains("own") && !details.querySelector("svg")) {
      const slice = details.dataset.slice, {html, error} = await told("own", [side.answer], slice);
      const box = details.querySelector("div");
      if (html) box.innerHTML = html; else box.textContent = error || "The detectors have no series of their own.";
      if (shared.view && charts) charts.look(shared.view.from, shared.view.to, false);
    } else if (row && !details.querySelector(".trace")) details.insertAdjacentHTML("beforeend", await trace(row.id));
  }, true);
  const put = (name, markup, summary, open) => markup ? `<section class="${name}"><details${open ? " open" : ""}><summary><h2>${summary}</h2></summary>${markup}</details></section>` : "";
  return {
    show(answer, letter, legend) {
      if (life) life.abort();
      life = new AbortController();
      side = answer;
      const held = root.contains(document.activeElement) ? document.activeElement.closest("figure") && document.activeElement.closest("figure").id : null;
      const was = name => { const before = root.querySelector(`section.${name} > details`); return before ? before.open : null; };
      // Where two are compared, their charts stand below each other until a list is opened.
      const [found, gone] = lettered === letter ? [was("found"), was("removed")] : [null, null];
      lettered = letter;
      root.innerHTML = (letter ? `<h2 class="letter">${letter}</h2>` : "") + (legend ? answer.legend : "") + answer.charts
        + put("found", answer.found, "What was found here", found === null ? !letter : found) + put("removed", answer.gone, "Removed by filters", gone);
      charts = tuatara(answer.numbers, root, {view: shared.view, signal: life.signal, trace: settled,
        looked: view => shared.looked(view, root), chose: target => shared.chose(target ? span(target) : null)});
      for (const figure of root.querySelectorAll("figure.series")) {
        const own = make("details", "own", make("summary", "", "What the detectors see"), make("div"));
        own.dataset.slice = answer.drawn[+figure.dataset.chart] || "";
        figure.append(own);
      }
      if (held) { const stage = root.querySelector(`#${held} .stage`); if (stage) stage.focus({preventScroll: true}); }
      const again = shared.chosen && find(shared.chosen);
      if (again) charts.choose(again);
    },
    look(view) { if (charts) charts.look(...(view ? [view.from, view.to] : [charts.whole.from, charts.whole.to]), false); },
    open(target) { if (charts) { const chart = charts.choose(target); if (chart) chart.figure.scrollIntoView({block: "nearest"}); } },
    choose(place) { const target = find(place); if (target && charts) charts.choose(target); },
    clear() { if (life) life.abort(); root.replaceChildren(); charts = side = null; },
  };
  function spans() { return side ? side.numbers.charts.flatMap((chart, i) => chart.panels.flatMap(panel => panel.spans.map(one => [side.drawn[i], ...one]))) : []; }
  function span(target) { const found = spans().find(one => one[5] === target); return found ? {slice: found[0], from: found[1], to: found[2]} : null; }
  function find(place) {
    const found = spans().filter(one => one[5] && one[0] === place.slice && one[1] < place.to && one[2] > place.from);
    return found.length ? found.reduce((a, b) => Math.min(b[2], place.to) - Math.max(b[1], place.from) > Math.min(a[2], place.to) - Math.max(a[1], place.from) ? b : a)[5] : "";
  }
};

// What one specification adds to another, and what it removes.
const differences = (root, diff, go) => {
  root.hidden = !diff;
  if (!diff) { root.replaceChildren(); return; }
  const words = [["added", "B adds"], ["removed", "B removes"], ["moved", "begins, ends or is told at another time"]];
  const head = make("p", "counts", ...words.map(([kind, name]) => make("span", kind, kind === "moved" ? `${diff[kind]} ${name}` : `${name} ${diff[kind]}`)), make("span", "", `${diff.same} the same`));
  const list = make("ul", "changes", ...diff.changes.map(change => {
    const link = make("button", change.kind, `${{added: "+", removed: "−", moved: "~"}[change.kind]} ${change.when}`);
    link.type = "button";
    link.title = `${change.kind}: ${change.slice}`;
    if (new Set(diff.changes.map(one => one.slice)).size > 1) link.append(make("small", "", change.slice));
    link.addEventListener("click", () => go(change));
    return make("li", "", link);
  }));
  const left = diff.added + diff.removed + diff.moved - diff.changes.length;
  root.replaceChildren(head, list, ...(left > 0 ? [make("p", "limit", `${left} more are not listed.`)] : []));
};

