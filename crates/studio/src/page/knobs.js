// ---- numbers that are turned -------------------------------------------------------------------
const decimals = step => { const text = String(step); return text.includes("e-") ? +text.split("e-")[1] : (text.split(".")[1] || "").length; };
const plain = (value, step) => String(Number(value.toFixed(Math.min(12, decimals(step)))));

// The sliders in `root`; `turned` is told the path and the value of one that moves.
const sliders = (root, turned) => {
  let rows = new Map(), held = null, late = null, open = false;
  const like = (a, b) => !a.line === !b.line && ["owner", "of", "key", "before", "behind", "unit"].every(part => a[part] === b[part]);
  const shown = knob => (knob.meaning ? knob.meaning[0].toUpperCase() + knob.meaning.slice(1).replaceAll("`", "") + ". " : "")
    + (knob.line ? `Line ${knob.line}.` : "Not written: this is the default, and turning it writes it.");
  const row = knob => {
    const old = rows.get(knob.path), label = make("label"), range = make("input"), number = make("input"), unit = make("span", "unit", knob.unit);
    range.type = "range";
    number.type = "number";
    // A slider keeps its ends as long as they hold its value.
    const keeps = old && like(old.knob, knob) && old.least <= knob.value && knob.value <= old.most;
    const [least, most, step] = keeps ? [old.least, old.most, old.step] : [knob.least, knob.most, knob.step];
    [range.min, range.max, range.step, number.step] = [least, most, step, step];
    const one = {knob, least, most, step, range, number};
    const name = make("span", "what", knob.key);
    label.append(name, range);
    label.title = shown(knob);
    range.setAttribute("aria-label", `${knob.owner} ${knob.key}`);
    number.setAttribute("aria-label", `${knob.owner} ${knob.key}, as a number`);
    const turn = text => turned(one.knob.path, one.knob.before + text + one.knob.behind);
    range.addEventListener("input", () => { held = one.knob.path; number.value = plain(+range.value, step); turn(number.value); });
    range.addEventListener("change", () => { held = null; if (late) { const knobs = late; late = null; show(knobs); } });
    number.addEventListener("change", () => { if (number.value !== "" && number.validity.valid !== undefined) { range.value = number.value; turn(number.value); } });
    one.set = value => { range.value = value; if (document.activeElement !== number) number.value = String(value); range.setAttribute("aria-valuetext", `${value} ${one.knob.unit}`.trim()); };
    one.set(knob.value);
    const line = make("div", "knob" + (knob.line ? "" : " unwritten"), label, number, unit);
    line.dataset.path = knob.path;
    rows.set(knob.path, one);
    return line;
  };
  const same = knobs => knobs.length === rows.size && knobs.every(knob => rows.has(knob.path) && like(rows.get(knob.path).knob, knob));
  const fits = knobs => knobs.every(knob => { const one = rows.get(knob.path); return one.least <= knob.value && knob.value <= one.most; });
  const show = knobs => {
    // What is being turned stays under the pointer.
    if (held && !same(knobs)) { late = knobs; return; }
    if (same(knobs) && (held || fits(knobs))) {
      for (const knob of knobs) { const one = rows.get(knob.path); one.knob = knob; if (knob.path !== held) one.set(knob.value); }
      return;
    }
    const focused = root.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    const written = [], others = [];
    let owner = null, kept = new Map();
    for (const knob of knobs) {
      const into = knob.line ? written : others, title = knob.owner + (knob.of ? ` · ${knob.of}` : "");
      if (owner !== `${title} ${!knob.line}`) { owner = `${title} ${!knob.line}`; into.push(make("h3", "", knob.owner || "The detection", knob.of ? make("small", "", knob.of) : "")); }
      into.push(row(knob));
      kept.set(knob.path, rows.get(knob.path));
    }
    rows = kept;
    const more = make("details", "more", make("summary", "", "Not written, at their defaults"), ...others);
    more.open = open;
    more.addEventListener("toggle", () => { open = more.open; });
    root.replaceChildren(...written, ...(others.length ? [more] : []));
    if (focused) { const again = root.querySelector(`[aria-label="${CSS.escape(focused)}"]`); if (again) again.focus(); }
  };
  return {show};
};

