// Comfort only: the page is complete without it. Fresh words by themselves, countdowns, times in the reader's zone.
"use strict";
(() => {
  const { lang } = document.documentElement, words = document.body.dataset;
  const relative = new Intl.RelativeTimeFormat(lang);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const write = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };
  const absolute = (instant, timeZone) =>
    new Date(instant).toLocaleString(lang, { dateStyle: "long", timeStyle: "long", timeZone });
  const between = (from, to) => {
    const seconds = (to - from) / 1e3, far = Math.abs(seconds);
    const [unit, length] =
      far < 60 ? ["second", 1] : far < 3600 ? ["minute", 60] : far < 172800 ? ["hour", 3600] : ["day", 86400];
    return relative.format(Math.trunc(seconds / length), unit);
  };
  const say = (after, text) => {
    if (!after.nextElementSibling?.matches(".relative"))
      after.insertAdjacentHTML("afterend", "<span class=relative></span>");
    write(after.nextElementSibling, text);
  };

  // A reader's clock may be wrong by hours. The server's is told with every heartbeat.
  let skew = 0, confirmed = 0, isCutOff = false;
  const OLD = 18e4;
  const tick = () => {
    const now = Date.now() + skew;
    for (const time of all("time[datetime]")) {
      const at = Date.parse(time.dateTime);
      time.title ||= absolute(at) + words.yourTime;
      if ("ago" in time.dataset) say(time, between(now, at));
    }
    for (const due of all("[data-due]")) {
      const at = Date.parse(due.dataset.due);
      if (at <= now) write(due, due.dataset.late);
      say(due, at > now ? between(now, at) : "");
    }
    const isOld = confirmed && now - confirmed > OLD;
    write(byId("old"), isOld ? words.old.replace("{moment}", absolute(confirmed, words.zone)) : "");
    if (isOld || isCutOff) write(byId("freshness"), isOld ? "" : words.cutOff);
    else if (confirmed) write(byId("freshness"), words.confirmed.replace("{ago}", between(now + 1e3, confirmed)));
  };

  // What a reader has opened, closed or focused stays so. Only new words are announced.
  const exchange = (fresh) => {
    const main = byId("main"), next = fresh.getElementById("main"), focused = document.activeElement;
    const near = focused.closest("#main, #main [id]")?.id, href = near && focused.getAttribute("href");
    for (const { id, open } of all("details[data-chosen]", main)) {
      const same = fresh.getElementById(id);
      if (same) [same.open, same.dataset.chosen] = [open, ""];
    }
    const [before, after] = [main, next].map((one) => one.querySelector("h1").textContent);
    const update = all(".updates > li", next).find(({ id }) => !byId(id));
    const news = [before === after ? "" : after, update?.textContent].join(" ").trim();
    main.replaceWith(next);
    for (const part of ["title", "link[rel=icon]", "footer"])
      document.querySelector(part).replaceWith(fresh.querySelector(part));
    byId("news").textContent = news;
    const again = (href && all("a", next).find((link) => link.getAttribute("href") === href)) || byId(near);
    if (again) (again.querySelector("summary") || again).focus({ preventScroll: true });
  };

  // A 304 costs a server as little for the page as for any smaller file, and no two versions are of the same second.
  // The heartbeat is asked for first: what it confirms is then at most as new as the page that is shown.
  const LOOK = 3e4;
  let shown = Date.parse(document.lastModified), pause = LOOK, timer;
  const ask = (path, cache) => fetch(path, { cache, signal: AbortSignal.timeout?.(1e4) });
  const look = async () => {
    if (document.hidden) return;
    try {
      const beat = await ask("/heartbeat.json", "no-store"), beats = beat.ok && (await beat.json());
      const page = await ask(location.pathname, "no-cache"), changed = Date.parse(page.headers.get("Last-Modified"));
      // Who was let in may have been shut out.
      if (page.status === 403) location.reload();
      if (page.status > 499) throw page;
      if (changed && changed !== shown) exchange(new DOMParser().parseFromString(await page.text(), "text/html"));
      shown = changed || shown;
      skew = Date.parse(beat.headers.get("Date")) + 1e3 * beat.headers.get("Age") - Date.now() || 0;
      if (beats)
        confirmed = beats.except.includes(words.page) ? confirmed || shown : Date.parse(beats.confirmed_at);
      [isCutOff, pause] = [false, LOOK];
    } catch {
      [isCutOff, pause] = [true, Math.min(pause * 2, 3e5)];
    }
    tick();
    clearTimeout(timer);
    // Who came together does not ask together.
    timer = setTimeout(look, pause * (0.9 + Math.random() / 5));
  };

  // A tap on a day opens the list at its line. Bars are paths like "M70 13h17", ten units a day, and the list has a line
  // for each day that was not quiet, newest first.
  const tell = (bars, x) => {
    const list = bars.parentNode.querySelector("details"), { left, width } = bars.getBoundingClientRect(), days = [];
    if (!list) return;
    for (const path of all("path:not(.is-operational, .no-data)", bars))
      for (const [, from, length] of path.getAttribute("d").matchAll(/M(\d+) \d+h(\d+)/g))
        for (let day = 0; day < length; day += 10) days.push(+from + day);
    const far = (day) => Math.abs(day + 4 - ((x - left) / width) * 897);
    days.sort((one, other) => other - one);
    const near = days.reduce((best, day, index) => (far(day) < far(days[best]) ? index : best), 0);
    const line = far(days[near]) < 30 ? all("li", list)[near] : list;
    for (const told of all(".told")) told.classList.remove("told");
    line.classList.add("told");
    [list.open, list.dataset.chosen] = [true, ""];
    line.scrollIntoView({ block: "nearest" });
  };

  addEventListener("click", ({ target, clientX }) => {
    const summary = target.closest("summary"), bars = target.closest(".bars");
    if (summary) summary.parentNode.dataset.chosen = "";
    if (bars) tell(bars, clientX);
  });
  for (const what of ["visibilitychange", "online"]) addEventListener(what, look);
  setInterval(() => document.hidden || tick(), 1e4);
  look();
})();
