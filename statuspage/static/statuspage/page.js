// Comfort only: the page is complete without it. Times in the reader's zone, countdowns, and fresh words by themselves.
"use strict";
(() => {
  const LOOK_MS = 30000, TICK_MS = 10000;
  const language = document.documentElement.lang;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const local = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  const all = (selector, root = document) => root.querySelectorAll(selector);
  const timed = (selector) => [...all(selector)].filter((time) => !isNaN(Date.parse(time.dateTime)));

  const between = (from, to) => {
    const minutes = Math.trunc((to - from) / 60000);
    if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
    const hours = Math.trunc(minutes / 60);
    return Math.abs(hours) < 48 ? relative.format(hours, "hour") : relative.format(Math.trunc(hours / 24), "day");
  };

  const say = (after, words) => {
    let beside = after.nextElementSibling;
    if (!beside || !beside.classList.contains("relative")) {
      beside = document.createElement("span");
      beside.className = "relative";
      after.after(beside);
    }
    if (beside.textContent !== words) beside.textContent = words;
  };

  const tick = () => {
    const now = Date.now();
    for (const time of timed("time[datetime]")) time.title = local.format(new Date(time.dateTime)) + document.body.dataset.yourTime;
    for (const time of timed("time[data-ago]")) say(time, between(now, new Date(time.dateTime)));
    for (const due of all("[data-due]")) {
      const at = new Date(due.dataset.due);
      const isLate = at <= now;
      if (isLate && due.textContent !== due.dataset.late) due.textContent = due.dataset.late;
      say(due, isLate ? "" : between(now, at));
    }
  };

  const exchange = (fresh) => {
    const main = document.querySelector("main"), next = fresh.querySelector("main");
    const focused = document.activeElement;
    const key = focused && main.contains(focused) && (focused.closest("[id]") || main).id;
    for (const details of all("details[data-chosen]", main)) {
      const same = next.querySelector(`[id="${details.id}"]`);
      if (same) [same.open, same.dataset.chosen] = [details.open, ""];
    }
    const spoken = main.querySelector("h1").textContent, sentence = next.querySelector("h1").textContent;
    main.replaceWith(next);
    document.title = fresh.title;
    document.querySelector("link[rel=icon]").href = fresh.querySelector("link[rel=icon]").href;
    document.querySelector("footer").replaceWith(fresh.querySelector("footer"));
    if (spoken !== sentence) document.getElementById("news").textContent = sentence.trim();
    const again = key && document.getElementById(key);
    if (again) (again.matches("details") ? again.querySelector("summary") : again).focus({ preventScroll: true });
    tick();
  };

  // Two versions of a page are never of the same second, so its date tells them apart. Mostly the answer is a 304.
  let shown = Date.parse(document.lastModified);
  const look = async () => {
    if (document.hidden) return;
    let words = "";
    try {
      const answer = await fetch(location.pathname, { cache: "no-cache" });
      const changed = Date.parse(answer.headers.get("Last-Modified"));
      if (!answer.ok) throw new Error(answer.status);
      if (changed && changed !== shown) {
        exchange(new DOMParser().parseFromString(await answer.text(), "text/html"));
        shown = changed;
      }
    } catch {
      words = document.body.dataset.stale;
    }
    document.getElementById("freshness").textContent = words;
  };

  // What a reader opened or closed stays so, whatever a newer page would do by itself.
  document.addEventListener("click", ({ target }) => {
    const summary = target.closest("summary");
    if (summary) summary.parentNode.dataset.chosen = "";
  });

  tick();
  setInterval(tick, TICK_MS);
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
})();
