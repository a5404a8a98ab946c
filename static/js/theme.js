/* Runs before the first paint, so that a reader's chosen theme never flashes. */
(function () {
  try {
    var theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (error) {
    /* storage is forbidden in some web views: the device's own theme holds */
  }
  document.documentElement.classList.add("js");
})();
