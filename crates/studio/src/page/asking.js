// ---- asking the server -------------------------------------------------------------------------
const post = (what, body) => fetch(what, {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body)});
// After so many milliseconds a run that is no longer wanted is given up for the one that is.
const PATIENCE = 800;
const GONE = "the studio does not answer; is it still running?";

// Once the browser has drawn what it was given: what comes next would take the processor from it. A page that nobody sees is
// not drawn, and waits no longer for it.
const painted = () => new Promise(done => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 100); });

// One request at a time: first for the series in view, then for all of them. Of what is wanted meanwhile the latest alone is
// asked for: once those in view are there, as totals can wait and what a person looks at cannot.
const runner = (make, take, refuse, busy) => {
  let ticket = 0, step = "", wanted = false, timer = 0;
  const go = async () => {
    const mine = ++ticket;
    clearTimeout(timer);
    [wanted, timer] = [false, 0];
    busy(true);
    for (step of ["view", "run"]) {
      let answer = null, trouble = "";
      const asked = make(mine);
      try {
        const response = await post(step, asked);
        // 204: this server has been asked for something newer.
        if (response.status === 200) answer = await response.json();
        else if (!response.ok) trouble = (await response.text()) || response.statusText;
      } catch { trouble = GONE; }
      // Something newer is under way: this must not be drawn over it.
      if (mine !== ticket) return;
      if (answer) take(answer, asked);
      else if (trouble) refuse(trouble);
      if (wanted) { go(); return; }
      if (!answer || answer.sides.every(side => !side.partial)) break;
      await painted();
      if (mine !== ticket) return;
      if (wanted) { go(); return; }
    }
    step = "";
    busy(false);
  };
  return () => {
    if (step !== "view") { go(); return; }
    wanted = true;
    if (!timer) timer = setTimeout(go, PATIENCE);
  };
};

// What is asked of an answer, as markup or words; nothing where it is no longer kept.
const told = async (what, answers, of) => {
  try {
    const response = await post(what, {answers, what: of || ""});
    if (response.status === 204) return {error: "This answer is no longer kept; change something to run it again."};
    return response.ok ? await response.json() : {error: await response.text()};
  } catch { return {error: GONE}; }
};
const make = (name, className, ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};
const save = (name, kind, content) => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([content], {type: kind}));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

