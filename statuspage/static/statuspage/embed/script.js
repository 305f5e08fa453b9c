// The frame on somebody's own site, shown while something is wrong: <script src="https://<page host>/embed/script.js">.
// Made so that a site that has Statuspage's script need only change the address. docs/embedding.md says more.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || !window.URL || !window.URLSearchParams) return;
  var source = new URL(script.src), name = "ripple-frame " + source.origin;
  if (window[name]) return;
  window[name] = true;

  function asked(what) {
    return script.getAttribute("data-" + what) || source.searchParams.get(what) || "";
  }

  var corner = /^(top|bottom)-(left|right)$/.exec(asked("position")) || ["", "bottom", "left"];
  var language = /^[a-z]{2}$/.test(asked("language")) ? "/" + asked("language") : "";
  var theme = /^(light|dark)$/.test(asked("theme")) ? "&theme=" + asked("theme") : "";
  var frame = document.createElement("iframe"), dismissed = "", shown = "";
  try {
    dismissed = sessionStorage.getItem(name) || "";
  } catch (blocked) {}

  function style(rules) {
    for (var rule in rules) frame.style.setProperty(rule, rules[rule], "important");
  }

  // Not only out of sight: what cannot be seen cannot be reached with the keyboard either, and is not read out.
  function show(isShown) {
    style({ visibility: isShown ? "visible" : "hidden" });
    if (!isShown && document.activeElement === frame) frame.blur();
  }

  frame.src = source.origin + language + "/embed/frame?closable" + theme;
  frame.title = "Status";
  style({ position: "fixed", "z-index": "2147483647", width: "360px", height: "0", border: "0", "max-width": "calc(100vw - 32px)" });
  style({ "border-radius": "8px", "box-shadow": "0 4px 24px #0004", "color-scheme": "light dark" });
  frame.style.setProperty(corner[1], "max(16px, env(safe-area-inset-" + corner[1] + "))", "important");
  frame.style.setProperty(corner[2], "max(16px, env(safe-area-inset-" + corner[2] + "))", "important");
  show(false);

  window.addEventListener("message", function (event) {
    var said = event.data;
    if (event.source !== frame.contentWindow || event.origin !== source.origin || !said || said.ripple !== "frame") return;
    shown = String(said.wrong);
    if (said.title) frame.title = said.title;
    if (said.isClosed) dismissed = shown;
    try {
      if (said.isClosed) sessionStorage.setItem(name, shown);
    } catch (blocked) {}
    style({ height: Math.min(+said.height || 0, 400) + "px" });
    show(shown && shown !== dismissed);
  });

  function add() {
    document.body.appendChild(frame);
  }
  if (document.body) add();
  else document.addEventListener("DOMContentLoaded", add);
})();
