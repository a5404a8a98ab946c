/* Long choices of the editing area: what is typed is looked up, what was found can be chosen. */
(() => {
  const WAIT = 250;

  const finder = (list, show) => {
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = list.dataset.recordsHint;
    input.setAttribute("aria-label", list.dataset.recordsHint);
    let timer = 0;
    let asked = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++asked;
        const response = await fetch(`${list.dataset.records}?q=${encodeURIComponent(input.value)}`);
        if (response.ok && mine === asked) show((await response.json()).records);
      }, WAIT);
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    list.before(input);
  };

  const showOptions = (select) => (records) => {
    [...select.options].filter((option) => option.value && !option.selected).forEach((option) => option.remove());
    records
      .filter(([key]) => ![...select.options].some((option) => option.value === String(key)))
      .forEach(([key, label]) => select.add(new Option(label, key)));
  };

  const showBoxes = (list) => (records) => {
    const boxes = () => [...list.querySelectorAll("input[type=checkbox]")];
    boxes().filter((box) => !box.checked).forEach((box) => box.closest("div").remove());
    records.filter(([key]) => !boxes().some((box) => box.value === String(key))).forEach(([key, label]) => {
      const row = document.createElement("div");
      const words = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = list.dataset.recordsName;
      box.value = key;
      words.append(box, ` ${label}`);
      row.append(words);
      list.append(row);
    });
  };

  const enhance = (root) => {
    root.querySelectorAll("[data-records]:not([data-records-ready])").forEach((list) => {
      list.dataset.recordsReady = "";
      finder(list, list.matches("select") ? showOptions(list) : showBoxes(list));
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    enhance(document);
    // Rows added to a form bring their own lists.
    new MutationObserver(() => enhance(document)).observe(document.body, { childList: true, subtree: true });
  });
})();
