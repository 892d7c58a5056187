"use strict";
// Zoom, hover and traces of the charts below `root`. Everything is there without it; it reads the columns in `data` and
// loads nothing. `asked`, all of it optional: the `view` and the anomaly `chosen` to begin with; `looked` and `chose` are told of
// changes, `trace` brings what led to an anomaly as markup where it is not on the page, `signal` ends everything.
const tuatara = (data, root, asked = {}) => {
  const WIDTH = 930, LEFT = 58, NS = "http://www.w3.org/2000/svg", DAY = 864e5;
  const WORDS = {n: "normal", u: "anomaly, above", d: "anomaly, below", a: "anomaly", m: "nothing observed",
    i: "incomplete", b: "no baseline", w: "warming up", o: "out of range", x: "not watched"};
  const whole = {from: data.from, to: Math.max(data.to, data.from + 1)};
  let view = asked.view ? {...asked.view} : {...whole};
  const during = asked.signal ? {signal: asked.signal} : {}, byId = id => root.querySelector(`[id="${CSS.escape(id)}"]`);

  // ---- columns -------------------------------------------------------------------------------
  const many = (column, count) => {
    const number = value => value === "+" ? Infinity : value === "-" ? -Infinity : value === null ? NaN : value;
    return Array.isArray(column) ? column.map(number) : Array(count).fill(number(column));
  };
  // Stretches of time: where to begin, a unit, then pairs of what is skipped and how long it lasts.
  const stretches = ([at, unit, ...pairs]) => {
    const found = [];
    for (let i = 0; i < pairs.length; i += 2) { const from = at + pairs[i] * unit; at = from + pairs[i + 1] * unit; found.push([from, at]); }
    return found;
  };
  for (const chart of data.charts) for (const panel of chart.panels) {
    const [first, unit, ...runs] = panel.t, starts = panel.c.length ? [first] : [];
    for (let i = 0; i < runs.length; i += 2)
      for (let k = 0; k < runs[i + 1]; k++) starts.push(starts[starts.length - 1] + runs[i] * unit);
    panel.t = starts;
    for (const name of "velu") panel[name] = many(panel[name], starts.length);
    panel.gaps = stretches(panel.gaps);
    // Those that no line of a table tells of have no target; what is kept is drawn last.
    for (const [kind, column] of Object.entries(panel.rest)) for (const [from, to] of stretches(column)) panel.spans.push([from, to, ...kind.split(" ")]);
    const states = ["removed", "suppressed", "kept"];
    panel.spans.sort((a, b) => states.indexOf(a[2]) - states.indexOf(b[2]) || a[0] - b[0]);
    panel.score = new Map();
    for (let i = 0; i < panel.s.length; i += 2) panel.score.set(panel.s[i], panel.s[i + 1]);
  }
  const middle = (panel, i) => panel.t[i] + panel.step / 2;
  // The first point whose middle is at or after `at`.
  const search = (panel, at) => {
    let low = 0, high = panel.t.length;
    while (low < high) { const half = (low + high) >> 1; if (middle(panel, half) < at) low = half + 1; else high = half; }
    return low;
  };

  // ---- dates by the clock of the zone --------------------------------------------------------
  const offset = at => { let found = data.offsets[0][1]; for (const [from, value] of data.offsets) if (at >= from) found = value; return found; };
  const local = at => new Date(at + offset(at));
  // A label that the clock skips lies where the clock goes on, one that it shows twice where it is shown first or second.
  const instant = label => {
    const guess = label - offset(label), at = label - offset(guess);
    return at + offset(at) === label ? at : Math.max(at, guess);
  };
  // Years from 0 to 99 are those, and not of the last century.
  const date = (year, month, day) => new Date(0).setUTCFullYear(year, month, day);
  const two = n => String(n).padStart(2, "0");
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const show = at => {
    const d = local(at), day = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
    if (data.civil) return day;
    const seconds = at % 6e4 ? ":" + two(d.getUTCSeconds()) : "";
    const twice = data.offsets.some(([, value]) => value !== offset(at) && offset(+d - value) === value);
    return `${day} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${seconds}` + (twice ? ` (${new Date(at).toISOString().replace(".000Z", "Z")})` : "");
  };
  const STEPS = [...[1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200].map(s => ["s", s, s * 1e3]),
    ...[1, 2, 7, 14].map(d => ["d", d, d * DAY]), ...[1, 2, 3, 6, 12, 24, 60, 120, 600, 1200].map(m => ["m", m, m * 30 * DAY])];
  const dates = (from, to, most) => {
    const [kind, count] = STEPS.find(step => (to - from) / step[2] < most) || STEPS[STEPS.length - 1];
    const start = local(from), found = [];
    let at = date(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
    if (kind === "s") at += Math.floor((from + offset(from) - at) / (count * 1e3)) * count * 1e3;
    else if (kind === "d") at -= DAY * (count % 7 ? (start.getUTCDate() - 1) % count : (start.getUTCDay() + 6) % 7);
    else { const m = start.getUTCFullYear() * 12 + start.getUTCMonth(); at = date(0, m - m % count, 1); }
    let within = "";
    for (let n = 0; n < 300; n++) {
      const d = new Date(at), real = instant(at);
      if (real > to) break;
      if (real >= from && !(found.length && found[found.length - 1].at >= real)) {
        const day = `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}`, year = String(d.getUTCFullYear());
        const label = kind === "s" ? `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}` + (count < 60 ? ":" + two(d.getUTCSeconds()) : "")
          : kind === "d" ? day : count < 12 ? MONTHS[d.getUTCMonth()] : year;
        const outer = kind === "s" ? `${day} ${year}` : kind === "m" && count >= 12 ? "" : year;
        found.push({at: real, label, within: outer !== within ? outer : ""});
        within = outer;
      }
      if (kind === "s") at += count * 1e3;
      else if (kind === "d") {
        const next = new Date(at + count * DAY);
        at = count === 2 && (next.getUTCMonth() !== d.getUTCMonth() || next.getUTCDate() === 31)
          ? date(d.getUTCFullYear(), d.getUTCMonth() + 1, 1) : +next;
      } else at = date(d.getUTCFullYear(), d.getUTCMonth() + count, 1);
    }
    return found;
  };

  // ---- heights -------------------------------------------------------------------------------
  // Numbers near the largest are reckoned with as parts of themselves.
  const part = (low, high) => Math.max(Math.abs(low), Math.abs(high)) > 1e306 ? 1 / 128 : 1;
  const range = (values, edges) => {
    let low = Infinity, high = -Infinity, least = Infinity, most = -Infinity;
    for (const v of values) if (isFinite(v)) { low = Math.min(low, v); high = Math.max(high, v); }
    for (const v of edges) if (isFinite(v)) { least = Math.min(least, v); most = Math.max(most, v); }
    const all = [low, high, least, most].filter(isFinite), by = all.length ? part(Math.min(...all), Math.max(...all)) : 1;
    if (by < 1) {
      const small = range([low, high].filter(isFinite).map(v => v * by), [least, most].filter(isFinite).map(v => v * by));
      return {low: Math.max(small.low / by, -Number.MAX_VALUE), high: Math.min(small.high / by, Number.MAX_VALUE)};
    }
    if (low > high && least > most) [low, high] = [0, 1];
    else if (low > high) [low, high] = [least, most];
    else if (least <= most) {
      const reach = Math.max(high - low, Math.abs(high), Math.abs(low)) * .6;
      [low, high] = [Math.min(Math.max(least, low - reach), low), Math.max(Math.min(most, high + reach), high)];
    }
    if (low >= 0 && low <= high / 2) low = 0;
    const height = high - low;
    if (height <= 1e-12 * Math.max(Math.abs(high), Math.abs(low))) { const room = high === 0 ? 1 : Math.abs(high) / 10; return {low: low - room, high: high + room}; }
    return {low: low === 0 ? 0 : low - height * .06, high: high + height * .06};
  };
  const numbers = (low, high, most) => {
    const by = part(low, high), rough = (high * by - low * by) / most / by, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough * (1 - 1e-9)) || 10 * power, found = [];
    for (let i = Math.ceil(low / step - 1e-9); isFinite(i * step) && i * step <= high + 1e-9 * step && found.length <= most; i++) {
      const value = i * step, size = Math.max(Math.abs(value), step);
      const [unit, suffix] = size >= 1e9 ? [1e9, "G"] : size >= 1e6 ? [1e6, "M"] : size >= 1e4 ? [1e3, "k"] : [1, ""];
      const text = i === 0 ? "0" : size >= 1e15 || size < 1e-4 ? value.toExponential(3).replace(/\.?0*e\+?/, "e")
        : String(+(value / unit).toFixed(Math.max(0, -Math.floor(Math.log10(step / unit))))).replace("-", "−") + suffix;
      found.push([value, text]);
    }
    return found;
  };
  const said = value => Number.isNaN(value) ? "nothing" : value === Infinity ? "∞" : value === -Infinity ? "−∞" : String(value);

  // ---- drawing what is in view ---------------------------------------------------------------
  const node = (name, attributes, ...children) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const across = at => (at - view.from) / (view.to - view.from) * WIDTH;
  const fixed = n => n.toFixed(1);
  const line = points => {
    let d = "", open = false;
    points.forEach(([x, y], i) => {
      if (Number.isNaN(y)) { open = false; return; }
      d += (open ? "L" : "M") + fixed(x) + " " + fixed(y);
      const next = points[i + 1];
      if (!open && (!next || Number.isNaN(next[1]))) d += "h0";
      open = true;
    });
    return d;
  };
  const shape = (severity, removed, x, y) => {
    const r = removed ? 2.6 : severity === "critical" ? 5 : severity === "high" ? 4.4 : 3.4;
    if (severity === "critical") return `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}z`;
    if (severity === "high") return `M${x} ${y - r}L${x + r} ${y + r}L${x - r} ${y + r}z`;
    if (severity === "medium") return `M${x - r} ${y - r}H${x + r}V${y + r}H${x - r}z`;
    return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0-${2 * r} 0z`;
  };
  const drawPanel = (group, panel, ticks) => {
    const height = +group.dataset.height, plot = group.querySelector("svg.plot");
    const first = Math.max(0, search(panel, view.from) - 1), last = Math.min(panel.t.length, search(panel, view.to) + 1);
    const seen = [];
    for (let i = first; i < last; i++) seen.push(i);
    const {low, high} = range(seen.flatMap(i => [panel.v[i], panel.e[i]]), seen.flatMap(i => [panel.l[i], panel.u[i]]));
    group.range = {low, high};
    const by = part(low, high), down = v => Number.isNaN(v) ? NaN : Math.min(height + 1, Math.max(-1, height * (1 - (v * by - low * by) / (high * by - low * by))));
    const beside = numbers(low, high, height < 130 ? 3 : 5);
    group.querySelector("g.numbers").replaceChildren(...beside.map(([v, text]) => node("text", {x: -7, y: fixed(down(v) + 3.5)}, text)));
    const parts = [node("rect", {class: "paper", width: WIDTH, height})];
    const stretch = (from, to, narrowest) => {
      const a = Math.max(0, across(from)), b = Math.min(WIDTH, across(to));
      return b - a >= narrowest ? [a, b - a] : [Math.min(WIDTH - narrowest, Math.max(0, (a + b - narrowest) / 2)), narrowest];
    };
    const visible = (from, to) => to > view.from && from < view.to;
    for (const [from, to, kind, title] of panel.tints) if (visible(from, to)) {
      const [x, width] = stretch(from, to, 1.5), text = node("title", {}, title);
      parts.push(node("rect", {class: "tint " + kind, x: fixed(x), width: fixed(width), height}, text));
    }
    let grid = beside.map(([v]) => `M0 ${fixed(down(v))}h${WIDTH}`).join("");
    for (const tick of ticks) grid += `M${fixed(across(tick.at))} 0v${height}`;
    parts.push(node("path", {class: "grid", d: grid}));
    let band = "", run = [];
    const close = () => {
      if (!run.length) return;
      const wide = run.length > 1 ? 0 : across(view.from + panel.step / 2);
      const there = run.map(i => `${fixed(across(middle(panel, i)) - wide)} ${fixed(down(panel.u[i]))}`);
      const back = run.slice().reverse().map(i => `${fixed(across(middle(panel, i)) + wide)} ${fixed(down(panel.l[i]))}`);
      if (wide) { const i = run[0], x = across(middle(panel, i)); there.push(`${fixed(x + wide)} ${fixed(down(panel.u[i]))}`); back.push(`${fixed(x - wide)} ${fixed(down(panel.l[i]))}`); }
      band += "M" + there.join("L") + "L" + back.join("L") + "z";
      run = [];
    };
    for (const i of seen) if (Number.isNaN(panel.u[i]) || Number.isNaN(panel.l[i])) close(); else run.push(i);
    close();
    parts.push(node("path", {class: "band", d: band}));
    for (const [from, to, state, severity, target] of panel.spans) if (visible(from, to)) {
      const [x, width] = stretch(from, to, 3);
      if (!target) { parts.push(node("g", {class: `span ${state} ${severity}`}, node("rect", {x: fixed(x), width: fixed(width), height}))); continue; }
      parts.push(node("a", {class: `span ${state} ${severity}` + (target === chosen ? " chosen" : ""), href: "#" + target, "data-for": target},
        node("title", {}, titles.get(target) || ""), node("rect", {x: fixed(x), width: fixed(width), height})));
    }
    const points = column => seen.map(i => [across(middle(panel, i)), down(column[i])]);
    // Of a reduced series not every gap has a point: the line is broken where one lies between two.
    const observed = [];
    let gap = 0, absent = "";
    for (const i of seen) {
      let broken = false;
      for (; gap < panel.gaps.length && panel.gaps[gap][0] < panel.t[i]; gap++) broken = broken || observed.length > 0 && panel.gaps[gap][1] > panel.t[i - 1];
      if (broken) observed.push([NaN, NaN]);
      observed.push([across(middle(panel, i)), down(panel.v[i])]);
    }
    parts.push(node("path", {class: "expected", d: line(points(panel.e))}), node("path", {class: "value", d: line(observed)}));
    for (const [from, to] of panel.gaps) if (visible(from, to)) { const [x, width] = stretch(from, to, 1.5); absent += `M${fixed(x)} ${height - 2}h${fixed(width)}`; }
    if (absent) parts.push(node("path", {class: "absent", d: absent}));
    const spans = new Map();
    for (const span of panel.spans) if (visible(span[0], span[1]))
      for (let i = Math.max(first, search(panel, span[0])); i < last && middle(panel, i) < span[1]; i++) spans.set(i, span);
    for (const i of seen) if ("uda".includes(panel.c[i])) {
      const at = middle(panel, i), span = spans.get(i);
      const x = across(at), y = Number.isNaN(panel.v[i]) ? height - 6 : Math.min(height - 4, Math.max(4, down(panel.v[i])));
      parts.push(node("path", span ? {class: `mark ${span[2]} ${span[3]}`, ...(span[4] ? {"data-for": span[4]} : {}), d: shape(span[3], span[2] === "removed", x, y)}
        : {class: "mark thinned", d: shape("default", true, x, y)}));
    }
    plot.replaceChildren(...parts);
  };
  const charts = [...root.querySelectorAll("figure.series")].map(figure => {
    const svg = figure.querySelector(".stage > svg");
    return {figure, svg, stage: figure.querySelector(".stage"), panels: data.charts[+figure.dataset.chart].panels,
      groups: [...svg.querySelectorAll("g.panel")], dates: svg.querySelector("g.dates"),
      still: null, shown: ""};
  });
  const titles = new Map();
  for (const link of root.querySelectorAll("a.span")) titles.set(link.dataset.for, link.querySelector("title").textContent);
  let chosen = "";
  const label = (group, ticks) => {
    const made = [];
    ticks.forEach((tick, i) => {
      const x = across(tick.at), next = ticks.slice(i + 1).find(other => other.within);
      // Words near the edge are moved away from it, as Rust moves them.
      const text = (more, y, said) => { const over = x + 3.3 * [...said].length - WIDTH - 20; return node("text", {...more, x: fixed(x), ...(over > 0 ? {dx: fixed(-over)} : {}), y}, said); };
      made.push(text({}, 15, tick.label));
      if (tick.within && !(i === 0 && next && across(next.at) - x < 76)) made.push(text({class: "within"}, 29, tick.within));
    });
    group.replaceChildren(...made);
  };
  const draw = chart => {
    const all = view.from === whole.from && view.to === whole.to, key = `${view.from} ${view.to} ${chosen}`;
    if (chart.shown === key || (all && !chart.still && !chosen)) { chart.shown = key; return; }
    if (!chart.still) chart.still = {plots: chart.groups.map(g => [...g.querySelector("svg.plot").childNodes]),
      numbers: chart.groups.map(g => [...g.querySelector("g.numbers").childNodes]), dates: [...chart.dates.childNodes]};
    chart.shown = key;
    // What has the focus is drawn anew, or taken out and put back: it keeps the focus.
    const held = document.activeElement, of = chart.groups.findIndex(group => group.contains(held));
    if (all) {
      chart.groups.forEach((group, i) => {
        group.querySelector("svg.plot").replaceChildren(...chart.still.plots[i]);
        group.querySelector("g.numbers").replaceChildren(...chart.still.numbers[i]);
        for (const link of group.querySelectorAll("a.span")) link.classList.toggle("chosen", link.dataset.for === chosen);
      });
      chart.dates.replaceChildren(...chart.still.dates);
    } else {
      const ticks = dates(view.from, view.to, 11);
      chart.groups.forEach((group, i) => drawPanel(group, chart.panels[i], ticks));
      label(chart.dates, ticks);
    }
    if (of >= 0 && document.activeElement !== held) {
      const again = [...chart.groups[of].querySelectorAll("a.span")].find(link => link.dataset.for === held.dataset.for);
      (again || chart.stage).focus({preventScroll: true});
    }
    // It may have come after the others.
    const own = chart.figure.querySelector("svg.own");
    if (own) {
      const wide = (whole.to - whole.from) / (view.to - view.from), x = -across(view.from) - (view.from - whole.from) / (view.to - view.from) * WIDTH;
      for (const moved of own.querySelectorAll("g.moved")) moved.setAttribute("transform", all ? "" : `translate(${x} 0) scale(${wide} 1)`);
      const ticks = dates(view.from, view.to, 11), group = own.querySelector("g.dates");
      label(group, ticks);
      const d = ticks.map(tick => `M${fixed(across(tick.at))} 0v54`).join("");
      for (const grid of own.querySelectorAll(".grid")) grid.setAttribute("d", d);
    }
  };
  const near = new Set();
  const watcher = "IntersectionObserver" in window ? new IntersectionObserver(found => {
    for (const {target, isIntersecting} of found) {
      const chart = charts.find(one => one.figure === target);
      if (isIntersecting) { near.add(chart); draw(chart); } else near.delete(chart);
    }
  }, {rootMargin: "300px"}) : null;
  for (const chart of charts) watcher ? watcher.observe(chart.figure) : near.add(chart);
  if (watcher && asked.signal) asked.signal.addEventListener("abort", () => watcher.disconnect());
  let awaited = false;
  const redraw = () => { if (!awaited) { awaited = true; requestAnimationFrame(() => { awaited = false; near.forEach(draw); }); } };
  const finest = Math.min(...data.charts.flatMap(chart => chart.panels.map(panel => panel.step || Infinity)), whole.to - whole.from);
  const look = (from, to, told = true) => {
    let length = Math.min(Math.max(to - from, 4 * finest, 1), whole.to - whole.from);
    from = Math.min(Math.max(from, whole.from), whole.to - length);
    view = {from, to: from + length};
    redraw();
    if (told && asked.looked) asked.looked(view.from === whole.from && view.to === whole.to ? null : view);
  };
  const zoom = (factor, at = (view.from + view.to) / 2) => look(at - (at - view.from) * factor, at + (view.to - at) * factor);
  const move = part => { const by = (view.to - view.from) * part; look(view.from + by, view.to + by); };

  // ---- an anomaly and what led to it ---------------------------------------------------------
  const choose = (target, chart) => {
    const row = byId(target);
    chart = chart || charts.find(one => one.panels.some(panel => panel.spans.some(span => span[4] === target)));
    for (const old of root.querySelectorAll("tr.chosen")) old.classList.remove("chosen");
    for (const one of charts) { const box = one.figure.querySelector(".told"); box.hidden = true; box.replaceChildren(); }
    chosen = target;
    if (asked.chose) asked.chose(target);
    if (row) row.classList.add("chosen");
    if (chart) {
      const box = chart.figure.querySelector(".told"), head = document.createElement("div"), words = document.createElement("p"), close = document.createElement("button");
      const span = chart.panels.flatMap(panel => panel.spans).find(one => one[4] === target);
      box.className = "told " + (span ? `${span[3]} ${span[2]}` : "");
      head.className = "head"; close.type = "button"; close.textContent = "Close";
      close.onclick = () => { chosen = ""; if (asked.chose) asked.chose(""); box.hidden = true; if (row) row.classList.remove("chosen"); redraw(); chart.stage.focus(); };
      words.textContent = titles.get(target) || "";
      head.append(words, close);
      box.append(head);
      if (row) for (const part of row.querySelectorAll("details > :not(summary)")) box.append(part.cloneNode(true));
      if (asked.trace) asked.trace(target).then(told => { if (chosen === target) box.insertAdjacentHTML("beforeend", told); });
      box.hidden = false;
    } else if (row) row.querySelector("details").open = true;
    redraw();
    return chart;
  };
  root.addEventListener("click", event => {
    const link = event.target.closest && event.target.closest("a[data-for]");
    if (!link) return;
    const target = link.dataset.for, from = charts.find(one => one.figure.contains(link)), chart = choose(target, from);
    if (chart) {
      event.preventDefault();
      if (!from) chart.figure.scrollIntoView({block: "start"});
      return;
    }
    // What is not drawn has its line, to which the browser goes by itself once it can be seen.
    const row = byId(target), hidden = row && row.closest("section > details");
    if (hidden) hidden.open = true;
  }, during);
  const drawn = new Set(charts.flatMap(one => one.panels.flatMap(panel => panel.spans.map(span => span[4]))));
  for (const row of root.querySelectorAll("tbody tr[id]")) {
    if (!drawn.has(row.id)) continue;
    const button = document.createElement("button");
    button.type = "button"; button.textContent = "Show"; button.title = "Show it in its chart";
    button.onclick = () => {
      const chart = choose(row.id), span = chart.panels.flatMap(panel => panel.spans).find(one => one[4] === row.id);
      const room = Math.max((span[1] - span[0]) * 3, finest * 30);
      look(span[0] - room, span[1] + room);
      chart.figure.scrollIntoView({block: "start"});
    };
    row.cells[0].append(button);
  }

  // ---- pointer and keys ----------------------------------------------------------------------
  for (const chart of charts) {
    const {stage, svg} = chart, tip = document.createElement("div");
    tip.className = "tip"; tip.hidden = true;
    stage.append(tip);
    let hairs = [], start = null, brush = null;
    const clear = () => { hairs.forEach(hair => hair.remove()); hairs = []; tip.hidden = true; };
    const place = event => { const box = svg.getBoundingClientRect(); return Math.min(WIDTH, Math.max(0, (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width - LEFT)); };
    const when = x => view.from + x / WIDTH * (view.to - view.from);
    const say = (name, text, strong) => { const part = document.createElement("div"); part.append(name); if (text !== undefined) { const b = document.createElement("b"); b.textContent = text; part.append(b); } if (strong) part.className = strong; return part; };
    const hover = event => {
      clear();
      const at = when(place(event)), lines = [];
      chart.panels.forEach((panel, p) => {
        if (!panel.t.length) return;
        let i = Math.min(search(panel, at), panel.t.length - 1);
        if (i > 0 && at - middle(panel, i - 1) < middle(panel, i) - at) i--;
        const plot = chart.groups[p].querySelector("svg.plot"), height = +chart.groups[p].dataset.height, x = across(middle(panel, i));
        const hair = node("path", {class: "hair", d: `M${fixed(x)} 0v${height}`});
        plot.append(hair); hairs.push(hair);
        if (p === 0 || panel.t[i] !== chart.panels[0].t[0]) { if (!lines.length) lines.push(say(show(panel.t[i]), undefined)); }
        if (chart.panels.length > 1) lines.push(say(panel.rule, undefined, "rule"));
        lines.push(say("observed ", said(panel.v[i])));
        if (!Number.isNaN(panel.e[i])) {
          const gap = panel.v[i] - panel.e[i], share = 100 * gap / Math.abs(panel.e[i]);
          lines.push(say("expected ", said(panel.e[i]) + (isFinite(share) ? ` (${share > 0 ? "+" : share < 0 ? "−" : ""}${Math.abs(share).toFixed(1)} %)` : "")));
        }
        if (!Number.isNaN(panel.l[i]) && !Number.isNaN(panel.u[i])) lines.push(say("band ", `${said(panel.l[i])} … ${said(panel.u[i])}`));
        const flagged = "uda".includes(panel.c[i]);
        lines.push(say(WORDS[panel.c[i]] + (flagged ? `, score ${panel.score.get(i)}` : ""), undefined, flagged ? "flag" : ""));
        for (const [from, to, , title] of panel.tints) if (from <= panel.t[i] && to > panel.t[i]) lines.push(say(title, undefined, "rule"));
      });
      tip.replaceChildren(...lines);
      tip.hidden = false;
      const box = stage.getBoundingClientRect(), x = event.clientX - box.left;
      tip.style.left = (x + 16 + tip.offsetWidth > box.width ? Math.max(0, x - tip.offsetWidth - 14) : x + 14) + "px";
      tip.style.top = Math.max(0, Math.min(event.clientY - box.top + 12, box.height - tip.offsetHeight)) + "px";
    };
    stage.addEventListener("pointermove", event => {
      if (start !== null && start.shift) { const by = (start.x - place(event)) / WIDTH * (start.to - start.from); look(start.from + by, start.to + by); return; }
      if (start !== null && Math.abs(place(event) - start.x) > 4) {
        clear();
        stage.classList.add("dragging");
        if (!brush) brush = chart.groups.map(group => { const made = node("rect", {class: "brush", height: group.dataset.height}); group.querySelector("svg.plot").append(made); return made; });
        const a = Math.min(start.x, place(event)), b = Math.max(start.x, place(event));
        for (const part of brush) { part.setAttribute("x", a); part.setAttribute("width", b - a); }
      } else hover(event);
    });
    stage.addEventListener("pointerleave", clear);
    stage.addEventListener("pointerdown", event => { if (event.button === 0) { start = {x: place(event), shift: event.shiftKey, ...view}; if (event.shiftKey) stage.setPointerCapture(event.pointerId); } });
    let dragged = false;
    window.addEventListener("pointerup", event => {
      if (start === null) return;
      dragged = brush !== null || start.shift;
      if (brush) { const a = when(Math.min(start.x, place(event))), b = when(Math.max(start.x, place(event))); brush.forEach(part => part.remove()); brush = null; look(a, b); }
      stage.classList.remove("dragging");
      start = null;
    }, during);
    // What ends a drag is no click on what lies below.
    stage.addEventListener("click", event => { if (dragged) { event.preventDefault(); event.stopPropagation(); dragged = false; } }, true);
    stage.addEventListener("dragstart", event => event.preventDefault());
    stage.addEventListener("dblclick", () => look(whole.from, whole.to));
    stage.addEventListener("wheel", event => {
      if (!(event.ctrlKey || event.metaKey || event.shiftKey)) return;
      event.preventDefault();
      const by = event.deltaY || event.deltaX;
      zoom(by > 0 ? 1.25 : .8, when(place(event)));
    }, {passive: false});
    const step = by => {
      const order = [...new Set(chart.panels.flatMap(panel => panel.spans).filter(span => span[4] && span[2] !== "removed").sort((a, b) => a[0] - b[0]).map(span => span[4]))];
      if (order.length) choose(order[(order.indexOf(chosen) + by + order.length + (order.indexOf(chosen) < 0 && by < 0 ? 1 : 0)) % order.length], chart);
    };
    stage.addEventListener("keydown", event => {
      const act = {ArrowLeft: () => move(-.2), ArrowRight: () => move(.2), "+": () => zoom(.6), "=": () => zoom(.6), "-": () => zoom(1 / .6),
        0: () => look(whole.from, whole.to), Home: () => look(whole.from, whole.to), n: () => step(1), p: () => step(-1)}[event.key];
      if (act && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); act(); }
    });
    const tools = chart.figure.querySelector(".tools");
    for (const [text, name, act] of [["←", "Earlier", () => move(-.4)], ["→", "Later", () => move(.4)], ["+", "Zoom in", () => zoom(.5)], ["−", "Zoom out", () => zoom(2)], ["All", "Show all", () => look(whole.from, whole.to)]]) {
      const button = document.createElement("button");
      button.type = "button"; button.textContent = text; button.title = name; button.setAttribute("aria-label", name); button.onclick = act;
      tools.append(button);
    }
    tools.hidden = false;
  }
  for (const hint of root.querySelectorAll(".hint")) hint.hidden = false;
  if (asked.view) charts.forEach(draw);
  return {look, choose, whole};
};
