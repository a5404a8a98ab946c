/* Counts down the clock of a page that has no script of its own, by the server's time; when it is over the page is asked
   for again and the server says what became of it. Without this file the time left is that of the last look. */
(function () {
  "use strict";
  const clock = document.querySelector("[data-clock][data-now]");
  if (!clock) return;
  const shown = clock.querySelector("[data-clock-time]");
  const deadline = Date.parse(clock.dataset.deadline);
  /* Milliseconds to add to this device's clock to get the server's. */
  const offset = Date.parse(clock.dataset.now) - Date.now();

  function tick() {
    const left = Math.max(deadline - Date.now() - offset, 0);
    const seconds = Math.ceil(left / 1000);
    shown.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    clock.classList.toggle("clock--low", left > 0 && left <= 5 * 60000);
    clock.classList.toggle("clock--over", left === 0);
    if (left === 0) {
      clearInterval(ticking);
      window.setTimeout(() => window.location.reload(), 1500);
    }
  }

  const ticking = setInterval(tick, 1000);
  tick();
  /* Back by the browser's own button: the page comes from memory, and with it an old time of the server. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
})();
