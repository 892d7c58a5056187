// ---- the address holds the state ---------------------------------------------------------------
const bytes = text => Uint8Array.from(text, letter => letter.charCodeAt(0));
const through = async (stream, data) => new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(stream)).arrayBuffer());
const packed = async state => {
  const data = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(JSON.stringify(state)));
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};
const unpacked = async text => {
  try {
    const data = await through(new DecompressionStream("deflate-raw"), bytes(atob(text.replaceAll("-", "+").replaceAll("_", "/"))));
    return JSON.parse(new TextDecoder().decode(data));
  } catch { return null; }
};

// ---- the page ----------------------------------------------------------------------------------
const byId = id => document.getElementById(id);
const page = [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, "0")).join("");
const shared = {view: null, chosen: null, slices: [], looked: () => {}, chose: () => {}};
const sides = [];
// Figures by the answer that they are of, and how many were counted together.
let about = null, figures = new Map(), first = null, keeping = 0, counting = 0;

const keep = () => {
  clearTimeout(keeping);
  keeping = setTimeout(async () => {
    const state = {texts: sides.map(side => ({name: side.name, text: side.editor.text})), slices: shared.slices, view: shared.view, chosen: shared.chosen};
    // A text may be too long for an address: then that of before stays.
    try { history.replaceState(null, "", "#" + await packed(state)); } catch { status("this is too long for the address, which keeps what it had"); }
  }, 200);
};
shared.looked = (view, from) => {
  shared.view = view;
  for (const side of sides) if (side.root !== from) side.results.look(view);
  keep();
};
shared.chose = place => { shared.chosen = place; keep(); };

const letters = () => sides.forEach((side, at) => {
  side.letter = sides.length > 1 ? ["B", "A"][at] : "";
  const head = side.text.querySelector("h2");
  head.replaceChildren(...(side.letter ? [make("span", "letter", side.letter), " "] : []), side.name);
  side.editor.name(side.letter ? `Specification ${side.letter}` : "Specification");
  byId("pin").hidden = sides.length > 1;
  byId("unpin").hidden = sides.length < 2;
});

const side = (name, text) => {
  const made = {name, text: byId("text").content.firstElementChild.cloneNode(true), root: make("div", "side"), turned: new Map(), answer: null};
  // What was turned is in the text once it was answered; until then it is asked for with it.
  made.editor = editor(made.text, () => { want(); keep(); });
  made.knobs = sliders(made.text.querySelector(".knobs"), (path, value) => { made.turned.set(path, value); want(); });
  made.results = results(made.root, shared);
  made.editor.text = text;
  sides.push(made);
  // The one that is worked on comes last: A stands before B.
  byId("texts").prepend(made.text);
  byId("sides").prepend(made.root);
  letters();
  return made;
};

const state = (one, words, className) => {
  const place = one.text.querySelector(".state");
  place.textContent = words;
  place.className = "state " + className;
};

// A stands before B here, too.
const sums = () => byId("sums").replaceChildren(...sides.map((one, at) => one.answer ? sum(one.answer, one.letter, at === 0 ? first : null, figures.get(`${one.answer.answer} of ${sides.length}`)) : "").reverse());

const count = () => {
  clearTimeout(counting);
  if (!about.labelled) return;
  counting = setTimeout(async () => {
    if (sides.some(one => !one.answer || one.answer.stale || one.answer.partial)) return;
    const asked = sides.map(one => one.answer.answer), {figures: found, error} = await told("figures", asked);
    // Somebody may have pinned, or turned something, meanwhile.
    const holds = asked.length === sides.length && asked.every((id, at) => sides[at].answer && sides[at].answer.answer === id);
    if (!holds) return;
    figures = new Map((found || []).map((one, at) => [`${asked[at]} of ${asked.length}`, one]));
    if (error) status(`labels: ${error}`);
    sums();
  }, 200);
};

// What the series in view look like, or all that is known: then there are totals, lanes and what differs.
const take = (answer, asked) => {
  answer.sides.forEach((told, at) => {
    const one = sides[at], was = asked.sides[at];
    if (!one) return;
    const written = one.editor.text === was.text;
    // What was written meanwhile stands, and is asked for next, with what was turned.
    if (written) {
      one.editor.text = told.text;
      for (const {path, value} of was.turned) if (one.turned.get(path) === value) one.turned.delete(path);
    }
    const said = told.refused || told.said;
    if (one.editor.text === told.text) one.editor.say(said.text, said.places, Boolean(told.refused));
    if (told.knobs.length || !told.refused) one.knobs.show(told.knobs);
    if (told.refused) {
      if (one.answer) one.answer.stale = true;
      one.root.classList.add("stale");
      state(one, one.answer ? "refused; what is drawn is of the last text that was valid" : "refused", "refused");
      return;
    }
    one.root.classList.remove("stale");
    const changed = !one.answer || one.answer.answer !== told.answer || one.answer.drawn.join() !== told.drawn.join();
    one.answer = told;
    state(one, took(told), "");
    if (changed || one.shownAs !== one.letter) one.results.show(told, one.letter, at === sides.length - 1);
    one.shownAs = one.letter;
  });
  const main = sides[0].answer || (sides[1] && sides[1].answer), partial = answer.sides.some(told => told.partial);
  if (main) {
    if (!first && sides[0].answer && !sides[0].answer.partial) first = sides[0].answer;
    document.title = `${main.name} · studio`;
    byId("name").textContent = main.name;
    byId("name").title = main.description;
    lanes(main, answer.slices);
    byId("lanes-of").textContent = sides.length > 1 ? ` as ${(sides[0].answer ? sides[0] : sides[1]).letter} finds them` : "";
  }
  // Where none was chosen, the gravest is, and which that is all of them tell.
  if (!partial || shared.slices.length) shared.slices = answer.slices;
  const refused = answer.sides.some(told => told.refused);
  for (const id of ["diff", "overview"]) byId(id).classList.toggle("stale", partial || (refused && id === "diff"));
  if (!partial && !refused) differences(byId("diff"), answer.diff, go);
  sums();
  const troubles = sides.filter(one => one.answer && one.answer.labels).map(one => `labels: ${one.answer.labels}`);
  status(troubles[0] || said());
  count();
  keep();
};

const took = told => {
  const time = `${told.millis < 10 ? told.millis.toFixed(1) : told.millis.toFixed(0)} ms`;
  if (told.kept) return told.partial ? "in view: kept from a run before" : "kept from a run before";
  return `${told.partial ? "in view: " : ""}${told.stages}, ${time}`;
};

const waits = one => one.answer && one.answer.partial && !one.answer.stale;
const said = () => {
  const main = sides[0].answer || (sides[1] && sides[1].answer);
  if (!main) return "Nothing has been run yet.";
  if (sides.some(waits)) return "All series are being worked out …";
  if (main.partial) return "the series in view alone, as of the last text that was valid";
  const notes = main.notes.length ? ` · ${main.notes.join(" · ")}` : "";
  return `${main.series === 1 ? "1 series" : `${main.series} series`}${sides.some(one => one.answer && one.answer.stale) ? ", as of the last text that was valid" : ""}${notes}`;
};
const status = words => { byId("status").textContent = words; byId("status").title = words; };

const mark = (box, drawn) => { for (const link of box.querySelectorAll("a.slice")) link.classList.toggle("drawn", drawn.includes(link.dataset.slice)); };
const lanes = (main, drawn) => {
  const box = byId("overview").querySelector(".scroll"), top = box.scrollTop;
  if (main.partial) {
    // The lanes stay those of the last text that all series were worked out for.
    mark(box, drawn);
    return;
  }
  byId("overview").hidden = !main.lanes;
  if (box.shown === main.answer && box.drawn === drawn.join()) return;
  [box.shown, box.drawn] = [main.answer, drawn.join()];
  box.innerHTML = main.lanes;
  box.scrollTop = top;
  mark(box, drawn);
};
const pick = (slice, more) => {
  const others = shared.slices.filter(name => name !== slice);
  shared.slices = !more ? [slice] : others.length < shared.slices.length ? (others.length ? others : [slice]) : [...others, slice];
  want();
  keep();
};
const overview = byId("overview").querySelector(".scroll");
// The address holds the state: no link changes it.
document.addEventListener("click", event => { if (event.target.closest && event.target.closest('a[href^="#"]')) event.preventDefault(); });
overview.addEventListener("click", event => {
  const link = event.target.closest("a[data-for]"), main = sides.find(one => one.answer);
  // Names of anomalies are those of the answer that drew the lanes.
  if (link && overview.shown === main.answer.answer) { main.results.open(link.dataset.for); return; }
  const at = event.target.closest("[data-slice]");
  if (at) pick(at.dataset.slice, event.ctrlKey || event.metaKey);
});
overview.addEventListener("keydown", event => {
  const at = event.target.closest("a.slice");
  if (at && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); pick(at.dataset.slice, event.ctrlKey || event.metaKey); }
});

const go = change => {
  const room = Math.max(8 * (change.to - change.from), 30 * Math.min(...sides.flatMap(one => one.answer.numbers.charts.flatMap(chart => chart.panels.map(panel => panel.step || Infinity)))));
  shared.view = {from: change.from - room, to: change.to + room};
  shared.chosen = {slice: change.slice, from: change.from, to: change.to};
  if (shared.slices.includes(change.slice)) for (const one of sides) { one.results.look(shared.view); one.results.choose(shared.chosen); }
  else pick(change.slice, false);
  keep();
};

const want = runner(
  ticket => ({page, ticket, sides: sides.map(one => ({name: one.name, text: one.editor.text, turned: [...one.turned].map(([path, value]) => ({path, value}))})), slices: shared.slices}),
  take,
  trouble => { for (const one of sides.filter(waits)) one.answer.stale = true; sums(); status(trouble); },
  busy => document.body.classList.toggle("busy", busy),
);

byId("pin").addEventListener("click", () => {
  if (sides[0].turned.size || !sides[0].answer || sides[0].answer.partial) { status("what was turned is still being worked on; pin it once it is there"); return; }
  first = sides[0].answer;
  side(sides[0].name, sides[0].editor.text);
  figures = new Map();
  want();
  keep();
});
byId("unpin").addEventListener("click", () => {
  const gone = sides.pop();
  gone.results.clear();
  gone.text.remove();
  gone.root.remove();
  figures = new Map();
  letters();
  want();
  keep();
});
byId("save-spec").addEventListener("click", () => sides[0].turned.size ? status("what was turned is still being worked on; save it once it is there") : save(sides[0].name.split(/[\\/]/).pop() || "spec.yaml", "application/yaml", sides[0].editor.text));
byId("save-table").addEventListener("click", async () => {
  if (sides[0].answer && sides[0].answer.partial) { status("all series are still being worked out; save it once they are"); return; }
  if (!sides[0].answer || sides[0].answer.stale) { status("there is no table of this text: it has not been run"); return; }
  const response = await post("table", {answers: [sides[0].answer.answer]}).catch(() => null);
  if (response && response.status === 200) save("anomalies.csv", "text/csv", await response.blob());
  else status("the table is no longer kept; change something to run it again");
});
const theme = byId("theme"), root = document.documentElement;
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const themed = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; themed(); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
themed();

// Another state was put into the address by hand.
window.addEventListener("hashchange", async () => { if (await unpacked(location.hash.slice(1))) location.reload(); });

(async () => {
  try { about = await (await post("start", {})).json(); } catch { status(GONE); return; }
  const before = location.hash.length > 1 ? await unpacked(location.hash.slice(1)) : null;
  byId("save-table").hidden = !about.table;
  const texts = before && Array.isArray(before.texts) && before.texts.length ? before.texts
    : [{name: about.name, text: about.text}, ...(about.other ? [about.other] : [])];
  if (before) [shared.slices, shared.view, shared.chosen] = [before.slices || [], before.view || null, before.chosen || null];
  for (const {name, text} of texts.slice(0, 2)) side(String(name), String(text));
  want();
})();
