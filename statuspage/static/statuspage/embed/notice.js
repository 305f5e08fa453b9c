// A notice on somebody's own site while something is wrong: <script src="https://<page host>/embed/notice.js" async>.
// No cookie, no third party; one small question a minute while somebody looks. What it can be told: docs/embedding.md.
// Written for the oldest browser that may meet it: one that cannot show the notice must not stumble over its script.
(function () {
  "use strict";
  var script = document.currentScript, root = document.documentElement;
  if (!script || !window.fetch || !root.attachShadow || !document.adoptedStyleSheets) return;
  var home = new URL(script.src).origin, name = "ripple-notice " + home, asked = script.dataset;
  if (window[name]) return;
  window[name] = true;

  var LOOK = 6e4, AT_MOST = 96e4, PATH = "/embed/notice.json";
  var TONES = {
    under_maintenance: "◆ #24539e #7fb0ff",
    degraded_performance: "◐ #7d5a00 #e2b93b",
    partial_outage: "▲ #a84a08 #f5914d",
    major_outage: "■ #b8232b #ff7a7f"
  };
  var LIGHT = "div{color-scheme:light;--bg:#fff;--text:#15181d;--line:#8a929e;--tone:var(--light)}";
  var DARK = "div{color-scheme:dark;--bg:#161b22;--text:#e8ebef;--line:#5a6472;--tone:var(--dark)}";
  var WHEN_DARK = "@media(prefers-color-scheme:dark){" + DARK + "}";
  var CSS =
    (asked.theme === "dark" ? DARK : LIGHT + (asked.theme === "light" ? "" : WHEN_DARK)) +
    ":host{all:initial!important;position:fixed!important;z-index:2147483647!important}" +
    "div{position:fixed;left:0;right:0;bottom:0;display:flex;justify-content:center;padding:16px;pointer-events:none;" +
    "margin:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}" +
    "div.top{bottom:auto;top:0}" +
    "section{position:relative;display:flex;align-items:center;flex-wrap:wrap;max-width:720px;padding:2px 48px 2px 16px;pointer-events:auto;" +
    "border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:8px;box-shadow:0 4px 24px #0004;" +
    "background:var(--bg);color:var(--text);font:1em/1.4 system-ui;animation:come .2s}" +
    "p{flex:1 15em;margin:8px 12px 8px 0;overflow-wrap:anywhere}i{font-style:normal;color:var(--tone);margin-right:8px}" +
    "a,button{padding:11px 0;border:0;background:none;color:inherit;font:inherit}" +
    "a{font-weight:600}button{position:absolute;top:2px;right:2px;min-width:44px;cursor:pointer}:focus-visible{outline:3px solid;outline-offset:-3px}" +
    "@keyframes come{from{opacity:0}}@media(prefers-reduced-motion){section{animation:none}}@media print{div{display:none}}";

  var path = PATH, pause = LOOK, next = 0, dismissed = "", shown, timer, host, box, section, shape, words, link, close, before;
  try {
    dismissed = sessionStorage.getItem(name) || "";
  } catch (blocked) {}

  function key(one) {
    return one.id + " " + one.updated + "\n";
  }

  // What concerns this site and was not dismissed. An incident that does not say what it touches concerns everybody.
  function concerning(incidents) {
    var services = (asked.services || "").split(/[\s,]+/).filter(Boolean);
    var found = incidents.filter(function (one) {
      var touched = one.services.filter(function (id) { return services.indexOf(id) >= 0; });
      if (one.maintenance && asked.maintenance === "off") return false;
      return !services.length || !one.services.length || touched.length;
    });
    return found.some(function (one) { return dismissed.indexOf(key(one)) < 0; }) ? found : [];
  }

  function add(tag, to) {
    return to.appendChild(document.createElement(tag));
  }

  function build() {
    var style = new CSSStyleSheet();
    host = document.createElement("ripple-notice");
    box = add("div", host.attachShadow({ mode: "open" }));
    style.replaceSync(CSS);
    host.shadowRoot.adoptedStyleSheets = [style];
    section = add("section", box);
    words = add("p", section);
    words.setAttribute("role", "status");
    shape = add("i", words);
    shape.setAttribute("aria-hidden", true);
    words = add("span", words);
    link = add("a", section);
    link.target = "_blank";
    link.rel = "noopener";
    close = add("button", section);
    close.textContent = "×";
    close.onclick = function () {
      dismissed = shown;
      hide();
      try {
        sessionStorage.setItem(name, shown);
      } catch (blocked) {}
    };
    host.addEventListener("focusin", function (event) { before = event.relatedTarget || before; });
  }

  function hide() {
    var hadFocus = host && document.activeElement === host;
    if (host) host.remove();
    if (hadFocus && before) before.focus({ preventScroll: true });
  }

  function show(data, found) {
    var one = found[0], tone = TONES[one.tone].split(" "), isTop = asked.position === "top";
    if (found.length > 1 && found.length === data.incidents.length) one = data;
    var said = one.sentence + (one.promise ? " " + one.promise : "");
    if (!host) build();
    shown = found.map(key).join("");
    box.style.setProperty("--light", tone[1]);
    box.style.setProperty("--dark", tone[2]);
    section.lang = data.language;
    section.setAttribute("aria-label", data.words.label);
    link.href = found.length > 1 ? data.page.url : one.url;
    link.textContent = data.words.more;
    close.setAttribute("aria-label", data.words.dismiss);
    shape.textContent = tone[0];
    // Said once more in a status that is there already, it is read out.
    function say() {
      words.textContent = said;
    }
    if (words.textContent !== said) say();
    if (host.isConnected) return;
    box.className = isTop ? "top" : "";
    root.insertBefore(host, isTop ? document.body : null);
    setTimeout(say, 50);
  }

  // Whatever has the focus is never covered: the notice goes to the other edge.
  function stepAside() {
    var focused = document.activeElement;
    if (!host || !host.isConnected || focused === host) return;
    var theirs = focused.getBoundingClientRect(), ours = section.getBoundingClientRect();
    var isCovered = theirs.bottom > ours.top && theirs.top < ours.bottom;
    if (isCovered && theirs.height < innerHeight / 2) box.classList.toggle("top");
  }

  function take(data) {
    var wanted = (asked.language || root.lang).slice(0, 2), found = concerning(data.incidents);
    if (found.length && path === PATH && wanted !== data.language && data.languages.indexOf(wanted) >= 0) {
      path = "/" + wanted + PATH;
      return ask();
    }
    pause = LOOK;
    if (found.length) show(data, found);
    else hide();
  }

  function ask() {
    var how = { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer" };
    return fetch(home + path, how).then(function (answer) { return answer.json(); }).then(take);
  }

  // Who is away for a quarter of an hour is no longer believed.
  function fail() {
    path = PATH;
    pause = Math.min(pause * 2, AT_MOST);
    if (pause === AT_MOST) hide();
  }

  function look() {
    clearTimeout(timer);
    if (document.hidden || !document.body) return;
    timer = setTimeout(function () {
      next = Date.now() + pause * (0.9 + Math.random() / 5);
      ask().catch(fail).then(look);
    }, next - Date.now());
  }

  document.addEventListener("visibilitychange", look);
  document.addEventListener("DOMContentLoaded", look);
  document.addEventListener("focusin", function () { setTimeout(stepAside, 0); });
  look();
})();
