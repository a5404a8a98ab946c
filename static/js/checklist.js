/* The assessor's checklist: counts what is judged, and lets the candidate sign with a finger. Without this file the
   server counts when the page is shown, and the assessor writes why nobody signed. */
(function () {
  "use strict";

  const line = document.querySelector("[data-judged]");
  const form = line && line.closest("form");

  function count() {
    const answers = [...form.querySelectorAll(".check__answers input:checked")].map((input) => input.value);
    const good = answers.filter((value) => value === "1").length;
    line.querySelector("[data-judged-good]").textContent = good;
    line.querySelector("[data-judged-bad]").textContent = answers.length - good;
    line.querySelector("[data-judged-open]").textContent = Number(line.dataset.judged) - answers.length;
  }

  /* What was not done properly wants a word: its field opens. */
  function openRemark(input) {
    const remark = input.value === "0" && input.closest(".check").querySelector(".check__remark");
    if (remark) remark.open = true;
  }

  if (form) {
    form.addEventListener("change", (event) => {
      if (!event.target.matches(".check__answers input")) return;
      count();
      openRemark(event.target);
    });
    window.addEventListener("pageshow", count);
  }

  const signing = document.querySelector("[data-signing]");
  if (!signing) return;
  const field = signing.querySelector("[data-signing-field]");
  const kept = signing.querySelector("input[name=signature]");
  const pen = field.getContext("2d");
  let strokes = [];
  let stroke = null;

  function place(event) {
    const box = field.getBoundingClientRect();
    const inside = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [
      inside(((event.clientX - box.left) / box.width) * field.width, field.width),
      inside(((event.clientY - box.top) / box.height) * field.height, field.height),
    ];
  }

  function draw() {
    pen.clearRect(0, 0, field.width, field.height);
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#14171a";
    strokes.forEach((points) => {
      pen.beginPath();
      pen.moveTo(points[0], points[1]);
      for (let at = 0; at < points.length; at += 2) pen.lineTo(points[at], points[at + 1]);
      pen.stroke();
    });
  }

  function keep() {
    kept.value = strokes.length ? JSON.stringify(strokes) : "";
  }

  field.addEventListener("pointerdown", (event) => {
    field.setPointerCapture(event.pointerId);
    stroke = place(event);
    strokes.push(stroke);
    draw();
    event.preventDefault();
  });
  field.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const [x, y] = place(event);
    const moved = Math.hypot(x - stroke[stroke.length - 2], y - stroke[stroke.length - 1]);
    if (moved < 4) return;
    stroke.push(x, y);
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => field.addEventListener(name, () => {
    stroke = null;
    keep();
  }));
  signing.querySelector("[data-signing-wipe]").addEventListener("click", () => {
    strokes = [];
    draw();
    keep();
  });

  /* Shown again after a refusal: what was drawn is still there. */
  if (kept.value) {
    try {
      strokes = JSON.parse(kept.value);
      draw();
    } catch (error) {
      kept.value = "";
    }
  }
})();
