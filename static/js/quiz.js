/* A quiz on a weak line: each answer is sent as it is given, kept on the device until the server has it, and the
   countdown follows the server's clock. Without this file the form saves and hands in all the same. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-quiz]");
  if (!form) return;

  const data = form.dataset;
  const storeKey = "quiz-" + data.quiz;
  const started = Number(data.started);
  const deadline = Number(data.deadline);
  const clock = document.querySelector("[data-clock]");
  const clockTime = document.querySelector("[data-clock-time]");
  const clockSays = document.querySelector("[data-clock-says]");
  const stateLine = document.querySelector("[data-save-state]");
  const answered = document.querySelector("[data-answered]");
  const questions = new Map();
  /* Milliseconds to add to this device's clock to get the server's. */
  let offset = Number(data.now) - Date.now();
  let lastSequence = 0;
  let sending = false;
  let retry = 0;
  let timer = 0;
  let over = false;
  /* question → {values, sequence}: given, but not yet confirmed by the server */
  let queue = {};

  form.querySelectorAll("[data-question]").forEach((field) => {
    questions.set(Number(field.dataset.question), field);
    lastSequence = Math.max(lastSequence, Number(field.dataset.sequence));
  });

  function serverNow() {
    return Date.now() + offset;
  }

  function nextSequence() {
    lastSequence = Math.max(lastSequence + 1, Math.round(serverNow() - started));
    return lastSequence;
  }

  /* The inputs of a question carry data-answer, whatever its kind: either all are ticked or all are filled in. */
  function inputs(field) {
    return [...field.querySelectorAll("[data-answer]")];
  }

  function isTicked(input) {
    return input.type === "radio" || input.type === "checkbox";
  }

  function values(field) {
    return inputs(field).filter((input) => !isTicked(input) || input.checked).map((input) => input.value);
  }

  function isAnswered(field) {
    const given = values(field);
    if (inputs(field).every(isTicked)) return given.length > 0;
    return given.every((value) => value.trim() !== "");
  }

  function fill(field, kept) {
    inputs(field).forEach((input, index) => {
      if (isTicked(input)) input.checked = kept.includes(input.value);
      else input.value = kept[index] === undefined ? "" : kept[index];
    });
  }

  function keep() {
    try {
      if (Object.keys(queue).length) localStorage.setItem(storeKey, JSON.stringify(queue));
      else localStorage.removeItem(storeKey);
    } catch (error) {
      /* private windows: the queue lives as long as the page */
    }
  }

  function say(text, state) {
    if (!stateLine) return;
    stateLine.textContent = text;
    stateLine.dataset.state = state;
  }

  function draw(order) {
    const field = questions.get(order);
    inputs(field).filter(isTicked).forEach((input) => {
      const choice = input.closest(".choice");
      if (choice) choice.classList.toggle("choice--checked", input.checked);
    });
    const item = document.querySelector('[data-map="' + order + '"]');
    if (item) item.classList.toggle("is-answered", isAnswered(field));
    const done = [...questions.values()].filter(isAnswered).length;
    if (answered) answered.textContent = String(done);
  }

  /* ---- what was given before the page was closed or the line broke ---- */
  function restore() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(storeKey) || "{}");
    } catch (error) {
      return;
    }
    Object.keys(kept).forEach((key) => {
      const order = Number(key);
      const field = questions.get(order);
      const item = kept[key];
      if (!field || !Array.isArray(item.values) || item.sequence <= Number(field.dataset.sequence)) return;
      fill(field, item.values);
      queue[order] = item;
      lastSequence = Math.max(lastSequence, item.sequence);
      draw(order);
    });
    keep();
  }

  /* ---- sending, one after the other, until the queue is empty ---- */
  async function send() {
    if (sending || over) return;
    const key = Object.keys(queue)[0];
    if (key === undefined) return;
    sending = true;
    say(data.textSaving, "saving");
    const item = queue[key];
    let outcome = "failed";
    try {
      outcome = await post(Number(key), item);
    } catch (error) {
      outcome = "failed";
    }
    sending = false;
    if (outcome === "failed") return later();
    if (outcome === "stop") return;
    retry = 0;
    if (queue[key] && queue[key].sequence === item.sequence) delete queue[key];
    keep();
    if (Object.keys(queue).length) send();
    else if (outcome === "saved") say(data.textSaved, "saved");
  }

  async function post(order, item) {
    const response = await fetch(data.saveUrl, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.csrfmiddlewaretoken.value },
      body: JSON.stringify({ question: order, values: item.values, sequence: item.sequence }),
    });
    if (response.redirected || response.status === 401 || response.status === 403) {
      say(data.textSignin, "waiting");
      later();
      return "stop";
    }
    if (response.status === 409 || response.status === 404) {
      /* handed in elsewhere, or time ran out: the page shows the result */
      queue = {};
      keep();
      window.location.reload();
      return "stop";
    }
    if (response.status >= 500) return "failed";
    if (!response.ok) return "dropped";
    const answer = await response.json();
    offset = answer.now - Date.now();
    lastSequence = Math.max(lastSequence, answer.sequence);
    questions.get(order).dataset.sequence = String(answer.sequence);
    return "saved";
  }

  function later() {
    if (stateLine && stateLine.textContent !== data.textSignin) say(data.textWaiting, "waiting");
    clearTimeout(timer);
    timer = setTimeout(send, Math.min(2000 * 2 ** retry, 15000));
    retry += 1;
  }

  function given(target) {
    const field = target.closest("[data-question]");
    if (!field || !target.matches("[data-answer]")) return;
    const order = Number(field.dataset.question);
    queue[order] = { values: values(field), sequence: nextSequence() };
    keep();
    draw(order);
    send();
  }

  form.addEventListener("change", (event) => given(event.target));
  /* What is typed is sent after a pause, too: the page may be closed before the field is left. */
  let typing = 0;
  form.addEventListener("input", (event) => {
    if (isTicked(event.target)) return;
    clearTimeout(typing);
    typing = setTimeout(() => given(event.target), 800);
  });
  window.addEventListener("online", () => { retry = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  /* The form carries every answer. The queue stays until the server answers: if this post is lost with the line, the
     next look at the page finds it, and a newer answer on the server wins by its sequence. */
  form.addEventListener("submit", () => { over = true; });
  /* Back by the browser's own button: the page comes from memory and goes on. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  /* ---- the clock ---- */
  const announced = new Set();
  function announce(left) {
    [5, 1].forEach((minutes) => {
      if (left <= minutes * 60000 && !announced.has(minutes)) {
        announced.add(minutes);
        if (left > (minutes - 1) * 60000) clockSays.textContent = data.textLeft.replace("{minutes}", String(minutes));
      }
    });
  }

  function tick() {
    const left = Math.max(deadline - serverNow(), 0);
    const seconds = Math.ceil(left / 1000);
    clockTime.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    clock.classList.toggle("clock--low", left > 0 && left <= 5 * 60000);
    clock.classList.toggle("clock--over", left === 0);
    announce(left);
    if (left === 0 && !over) handIn();
  }

  function handIn() {
    over = true;
    clearInterval(ticking);
    clockSays.textContent = data.textOver;
    say(data.textOver, "waiting");
    const act = document.createElement("input");
    act.type = "hidden";
    act.name = "act";
    act.value = "time_over";
    form.append(act);
    form.submit();
  }

  restore();
  send();
  const ticking = setInterval(tick, 1000);
  tick();
})();
