/* The page of what is on the device: [data-kept] and [data-waiting] are filled from their templates. */
(function () {
  "use strict";
  const page = document.querySelector("[data-device]");
  const words = JSON.parse(document.getElementById("device-words").textContent);

  function kilobytes(size) {
    return size < 1048576 ? Math.ceil(size / 1024) + " KB" : (size / 1048576).toFixed(1) + " MB";
  }

  function fill(name, rows, describe) {
    const list = page.querySelector(`[data-list="${name}"]`);
    const template = page.querySelector(`[data-row="${name}"]`);
    list.replaceChildren(...rows.map((row) => {
      const item = template.content.cloneNode(true);
      describe(row, (part) => item.querySelector(`[data-part="${part}"]`));
      return item;
    }));
    page.querySelector(`[data-none="${name}"]`).hidden = rows.length > 0;
  }

  async function showKept() {
    const rows = (await Device.db.all("kept")).sort((a, b) => b.pinned - a.pinned || b.opened - a.opened);
    fill("kept", rows, (row, part) => {
      part("title").textContent = row.title;
      part("title").href = row.url;
      const facts = [words[row.kind] || row.kind, row.pinned ? words.pinned : words.opened, window.Ago(row.at), kilobytes(row.size)];
      part("facts").textContent = facts.join(" · ");
      part("drop").addEventListener("click", async () => { await Device.drop(row.url); showKept(); });
    });
    const size = rows.reduce((sum, row) => sum + row.size, 0);
    page.querySelector("[data-size]").textContent = rows.length ? kilobytes(size) : "";
    page.querySelector("[data-drop-all]").hidden = !rows.length;
  }

  async function showWaiting() {
    const owner = (await Device.fact("owner")) || "-";
    const rows = (await Outbox.all()).filter((row) => row.owner === owner).sort((a, b) => b.at - a.at);
    fill("waiting", rows, (row, part) => {
      part("title").textContent = row.title;
      part("facts").textContent = [words[row.kind] || row.kind, words[row.state], window.Ago(row.at)].join(" · ");
      part("reasons").textContent = row.reasons.join(" ");
      part("reasons").hidden = !row.reasons.length;
      const said = row.fields.filter(([name, value]) => typeof value === "string" && value && !/token|_at$/.test(name));
      part("said").textContent = said.map(([, value]) => value).join("\n");
      part("open").hidden = !row.result;
      if (row.result) {
        part("open").href = row.result.url;
        part("open").textContent = row.result.label;
      }
      part("again").hidden = row.state !== "refused";
      part("again").addEventListener("click", async () => { await Outbox.add({ ...row, state: "waiting", reasons: [] }); Outbox.flush(); });
      part("drop").addEventListener("click", () => { if (row.state === "sent" || window.confirm(words.sure)) Outbox.drop(row.key); });
    });
  }

  async function showPhones() {
    const phones = (await Device.fact("phones")) || [];
    fill("phones", phones, (row, part) => {
      part("title").textContent = row.name;
      part("call").textContent = row.phone;
      part("call").href = "tel:" + row.phone.replace(/[^\d+]/g, "");
    });
  }

  page.querySelector("[data-missing]").hidden = window.location.pathname === "/offline/";
  page.querySelector("[data-drop-all]").addEventListener("click", async () => {
    for (const row of await Device.db.all("kept")) await Device.drop(row.url);
    showKept();
  });
  page.querySelector("[data-send]").addEventListener("click", () => Outbox.flush());
  document.addEventListener("outbox", showWaiting);
  [showKept, showWaiting, showPhones].forEach((show) => show().catch(() => null));
})();
