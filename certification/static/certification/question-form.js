/* The form of a question holds the fields of every kind; show those of the chosen one. Without this file all stand there. */
(function () {
  "use strict";
  function start() {
    const kind = document.querySelector('select[name="kind"]');
    if (!kind) return;
    const fields = [...document.querySelectorAll("[data-of-kinds]")];
    function show() {
      fields.forEach((field) => {
        const row = field.closest(".w-field__wrapper") || field.closest("li") || field.parentElement;
        row.hidden = !field.dataset.ofKinds.split(" ").includes(kind.value);
      });
    }
    kind.addEventListener("change", show);
    show();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
