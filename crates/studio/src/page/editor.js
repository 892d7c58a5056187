// ---- a specification that is written -----------------------------------------------------------
// Lines that are shown at once.
const TALLEST = 34;

// The editor in `root`; `changed` is told when a person has written something.
const editor = (root, changed) => {
  const area = root.querySelector("textarea"), back = root.querySelector(".back"), lines = root.querySelector(".lines");
  const said = root.querySelector(".said");
  let places = [];
  const paint = () => {
    const all = area.value.split("\n"), bad = new Map(), parts = [];
    for (const place of places) if (place.line > 0) bad.set(place.line, [...(bad.get(place.line) || []), place]);
    all.forEach((line, i) => {
      const letters = [...line];
      let at = 0;
      for (const place of (bad.get(i + 1) || []).sort((a, b) => a.column - b.column)) {
        const from = Math.max(at, place.column - 1), to = Math.max(from, place.column - 1 + place.length);
        parts.push(letters.slice(at, from).join(""), make("mark", place.severity, letters.slice(from, to).join("") || " "));
        at = to;
      }
      parts.push(letters.slice(at).join("") + "\n");
    });
    back.replaceChildren(...parts);
    lines.replaceChildren(...all.map((_, i) => {
      const worst = (bad.get(i + 1) || []).map(place => place.severity);
      return make("span", worst.includes("error") ? "error" : worst.includes("warning") ? "warning" : "", `${i + 1}\n`);
    }));
    area.rows = Math.min(TALLEST, all.length + 1);
  };
  const scroll = () => { back.scrollLeft = area.scrollLeft; back.scrollTop = lines.scrollTop = area.scrollTop; };
  area.addEventListener("scroll", scroll);
  area.addEventListener("input", () => { places = []; paint(); scroll(); changed(); });
  // Two spaces, as YAML has no tabs; Escape and Tab leave the editor.
  let leaves = false;
  area.addEventListener("keydown", event => {
    if (event.key === "Escape") { leaves = true; return; }
    if (event.key === "Tab" && !event.shiftKey && !leaves) {
      event.preventDefault();
      area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input"));
    }
    if (event.key !== "Shift") leaves = false;
  });
  const goTo = place => {
    const all = area.value.split("\n"), line = all[place.line - 1] || "";
    const before = all.slice(0, place.line - 1).join("\n").length + (place.line > 1 ? 1 : 0);
    const letters = [...line], from = letters.slice(0, place.column - 1).join("").length;
    const to = letters.slice(0, place.column - 1 + place.length).join("").length;
    area.focus();
    area.setSelectionRange(before + from, before + to);
  };
  said.addEventListener("click", () => { const first = places.find(place => place.line > 0); if (first && !String(getSelection())) goTo(first); });
  return {
    get text() { return area.value; },
    // A text that did not come from this editor.
    set text(text) {
      if (area.value === text) return;
      const [from, to, top] = [area.selectionStart, area.selectionEnd, area.scrollTop];
      area.value = text;
      area.setSelectionRange(from, to);
      area.scrollTop = top;
      places = [];
      paint();
      scroll();
    },
    // What is said of the text that is there.
    say(words, found, refused) {
      places = found;
      said.textContent = words;
      said.hidden = !words;
      said.classList.toggle("refused", refused);
      paint();
    },
    name(label) { area.setAttribute("aria-label", label); },
  };
};

