/* A whole guide on one page ([data-guide]): one step a screen, the answers in the address (#yn), back as everywhere. The
   run is put into the outbox and sent when there is a network. */
(function () {
  "use strict";
  const guide = document.querySelector("[data-guide]");
  const steps = [...guide.querySelectorAll("[data-step]")];
  const byKey = Object.fromEntries(steps.map((step) => [step.dataset.step, step]));
  const select = guide.querySelector("[data-machine]");
  const isStale = Date.now() >= Date.parse(guide.dataset.until);
  const asked = new URLSearchParams(window.location.hash.split("?")[1] || window.location.search);
  let run = { key: asked.get("run") || Outbox.key(), at: new Date().toISOString(), isEnded: false };

  function path() {
    const found = window.location.hash.split("?")[0].match(/^#(?:step\/)?([yn]{0,40})\/?$/);
    return found ? found[1] : "";
  }

  function stepAt(answers) {
    let here = steps[0];
    for (const answer of answers) here = byKey[answer === "y" ? here.dataset.yes : here.dataset.no] || here;
    return here;
  }

  function machine() {
    return select ? select.value : "";
  }

  function show() {
    const here = stepAt(path());
    steps.forEach((step) => { step.hidden = step !== here; });
    const closed = [...here.querySelectorAll("[data-closed-for]")];
    const way = here.querySelector("[data-open-for]");
    const isOpen = !("hazard" in here.dataset) || (!isStale && way !== null && way.dataset.openFor.split(" ").includes(machine()));
    if (way) way.hidden = !isOpen;
    const mine = closed.find((part) => part.dataset.closedFor && part.dataset.closedFor === machine());
    closed.forEach((part) => { part.hidden = isOpen || part !== (mine || closed[closed.length - 1]); });
    here.querySelectorAll("[data-limited-for]").forEach((part) => { part.hidden = part.dataset.limitedFor !== machine(); });
    guide.querySelector("[data-stale]").hidden = !(isStale && "hazard" in here.dataset);
    guide.querySelector("[data-back]").hidden = !path();
    document.querySelectorAll("[data-first]").forEach((part) => { part.hidden = Boolean(path()); });
    guide.querySelector("[data-recorded]").hidden = !run.isEnded;
    here.querySelector("[data-ending]").hidden = run.isEnded;
    const report = here.querySelector("[data-report]");
    if (report) {
      const address = new URL(report.href);
      address.searchParams.set("run", run.key);
      if (machine()) address.searchParams.set("equipment", machine());
      report.href = address.href;
    }
    return here;
  }

  async function write(result, reason) {
    const fields = {
      token: run.key, path: path(), equipment: machine(), result: result || "open", reason: reason || "",
      started_at: run.at, ended_at: new Date().toISOString(),
    };
    await Outbox.add({
      key: run.key, kind: "run", title: guide.dataset.title, url: guide.dataset.runs,
      state: result ? "waiting" : "writing", fields: Object.entries(fields),
    });
    if (result) await Outbox.flush();
  }

  guide.addEventListener("click", async (event) => {
    const answer = event.target.closest("[data-answer]");
    const result = event.target.closest("[data-result]");
    if (answer) {
      event.preventDefault();
      window.location.hash = path() + answer.dataset.answer;
    } else if (result && !run.isEnded) {
      run.isEnded = true;
      await write(result.dataset.result, result.closest("[data-ending]").querySelector("[data-reason]").value);
      show();
    } else if (event.target.closest("[data-again]")) {
      run = { key: Outbox.key(), at: new Date().toISOString(), isEnded: false };
      window.location.hash = "";
      show();
    }
  });
  if (select) {
    if (asked.get("equipment")) select.value = asked.get("equipment");
    select.addEventListener("change", show);
  }
  window.addEventListener("hashchange", () => {
    const here = show();
    window.scrollTo(0, 0);
    here.querySelector("h2").focus({ preventScroll: true });
    if (path() && !run.isEnded) write("", "").catch(() => null);
  });
  show();
})();
