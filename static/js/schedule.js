/* Moving sessions in the schedule, by mouse and by keys. Both end in one post of a form, whose answer is a page: the
   schedule, or the form of the move with what speaks against it. Without this script "Move" opens that form. */
(function () {
  "use strict";
  const board = document.querySelector("[data-board]");
  const form = document.querySelector("[data-move-form]");
  const says = document.querySelector("[data-board-says]");
  if (!board || !form) return;
  let card = null;
  let target = null;

  function cellOf(element) {
    return element && element.closest ? element.closest("[data-cell]") : null;
  }

  function aim(cell) {
    if (target) target.classList.remove("board__cell--target");
    target = cell;
    if (target) target.classList.add("board__cell--target");
  }

  function letGo() {
    if (card) card.classList.remove("board__card--picked");
    aim(null);
    card = null;
  }

  /* A session of several days is moved by as many days as the card under the hand. */
  function dayAfterMove(from, to) {
    const days = (Date.parse(to.dataset.cell) - Date.parse(from.dataset.cell)) / 86400000;
    return new Date(Date.parse(card.dataset.day) + days * 86400000).toISOString().slice(0, 10);
  }

  function drop(cell) {
    const from = cellOf(card);
    if (!cell || !from || cell === from) return letGo();
    form.action = card.dataset.url;
    form.elements.day.value = dayAfterMove(from, cell);
    form.elements.time.value = card.dataset.time;
    form.elements.trainer.value = cell.dataset.trainer || card.dataset.trainer;
    form.elements.place.value = cell.dataset.place || card.dataset.place;
    form.elements.seen_version.value = card.dataset.version;
    form.submit();
  }

  board.addEventListener("dragstart", (event) => {
    card = event.target.closest ? event.target.closest("[data-card]") : null;
    if (!card) return;
    card.classList.add("board__card--picked");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.name);
  });
  board.addEventListener("dragover", (event) => {
    const cell = cellOf(event.target);
    if (!card || !cell) return;
    event.preventDefault();
    aim(cell);
  });
  board.addEventListener("drop", (event) => {
    if (!card) return;
    event.preventDefault();
    drop(cellOf(event.target));
  });
  board.addEventListener("dragend", letGo);

  function neighbour(cell, key) {
    const row = cell.parentElement;
    const cells = [...row.querySelectorAll("[data-cell]")];
    const at = cells.indexOf(cell);
    const rows = [...board.querySelectorAll("tbody tr")];
    const line = rows.indexOf(row);
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
    const other = rows[line + step[0]];
    return (other && other.querySelectorAll("[data-cell]")[at + step[1]]) || cell;
  }

  board.addEventListener("keydown", (event) => {
    const grip = event.target.closest ? event.target.closest("[data-grip]") : null;
    if (!grip) return;
    if (!card) {
      if (event.key !== " ") return;
      event.preventDefault();
      card = grip.closest("[data-card]");
      card.classList.add("board__card--picked");
      aim(cellOf(card));
      says.textContent = board.dataset.picked + " " + card.dataset.name;
    } else if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      aim(neighbour(target, event.key));
      target.scrollIntoView({ block: "nearest", inline: "nearest" });
      says.textContent = board.dataset.over + " " + target.dataset.label;
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      drop(target);
    } else if (event.key === "Escape") {
      event.preventDefault();
      letGo();
      says.textContent = board.dataset.left;
    }
  });
  board.addEventListener("focusout", () => {
    if (card && card.classList.contains("board__card--picked") && target) letGo();
  });
})();
