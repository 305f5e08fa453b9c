// Inside a frame on somebody else's site: the words stay fresh, and the site is told whether there is anything to show.
"use strict";
(() => {
  const LOOK_MS = 60000, LOOK_MS_AT_MOST = 960000;
  const asked = new URLSearchParams(location.search), theme = asked.get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;

  // Everybody may hear this: it is what everybody may read.
  const tell = (isClosed = false) => {
    const { dataset: { wrong }, offsetHeight: height } = document.querySelector("main");
    if (parent !== window) parent.postMessage({ ripple: "frame", wrong, title: document.title, height, isClosed }, "*");
    for (const close of document.querySelectorAll("button")) close.hidden = !asked.has("closable");
  };

  let shown = Date.parse(document.lastModified), pause = LOOK_MS, timer = 0;
  const look = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const answer = await fetch(location.pathname, { cache: "no-cache" }), changed = Date.parse(answer.headers.get("Last-Modified"));
      if (!answer.ok) throw answer;
      if (changed !== shown) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.querySelector("main").replaceWith(fresh.querySelector("main"));
        tell();
      }
      [shown, pause] = [changed, LOOK_MS];
    } catch {
      pause = Math.min(pause * 2, LOOK_MS_AT_MOST);
    }
    clearTimeout(timer);
    timer = setTimeout(look, pause * (0.9 + Math.random() / 5));
  };

  document.addEventListener("click", ({ target }) => target.closest("button") && tell(true));
  document.addEventListener("visibilitychange", look);
  addEventListener("resize", () => tell());
  tell();
  timer = setTimeout(look, LOOK_MS);
})();
