/* The square of a photo: form[data-portrait] shows the chosen file in its canvas as it will be cut. Dragging moves the
   square, sliders move and size it; the server cuts by the sliders alone, so the form works without this file. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-portrait]");
  if (!form || !window.createImageBitmap) return;
  const canvas = form.querySelector("canvas");
  const hint = form.querySelector("[data-portrait-hint]");
  const [size, across, down] = ["size", "across", "down"].map((name) => form.elements.namedItem(name));
  const pen = canvas.getContext("2d");
  let picture = null;
  let from = null;

  function side() {
    return (Math.min(picture.width, picture.height) * size.value) / 100;
  }

  function draw() {
    if (!picture) return;
    const edge = side();
    const left = ((picture.width - edge) * across.value) / 100;
    const top = ((picture.height - edge) * down.value) / 100;
    pen.drawImage(picture, left, top, edge, edge, 0, 0, canvas.width, canvas.height);
  }

  async function show() {
    const file = form.elements.namedItem("photo").files[0];
    picture = null;
    try {
      picture = file ? await createImageBitmap(file, { imageOrientation: "from-image" }) : null;
    } catch (error) {
      picture = null; // No picture: the server says so.
    }
    canvas.hidden = hint.hidden = !picture;
    draw();
  }

  function moved(slider, pixels, room) {
    if (room > 0) slider.value = Math.min(100, Math.max(0, Number(slider.value) - (pixels / room) * 100));
  }

  canvas.addEventListener("pointerdown", function (event) {
    from = [event.clientX, event.clientY, across.value, down.value];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", function (event) {
    if (!from || !picture) return;
    const scale = side() / canvas.clientWidth;
    across.value = from[2];
    down.value = from[3];
    moved(across, (event.clientX - from[0]) * scale, picture.width - side());
    moved(down, (event.clientY - from[1]) * scale, picture.height - side());
    draw();
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => (from = null)));
  [size, across, down].forEach((slider) => slider.addEventListener("input", draw));
  form.elements.namedItem("photo").addEventListener("change", show);
  show();
})();
