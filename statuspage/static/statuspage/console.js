/* The console without a build step: drafts that survive, times that tick, keys. Everything works without it. */
(() => {
  "use strict";
  const PREFIX = "ripple draft ";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const skew = document.body.dataset.now ? Date.parse(document.body.dataset.now) - Date.now() : 0;
  const now = () => Date.now() + skew;

  /* Times: countdowns and ages are computed from absolute times, so a fragment never grows old. */
  const words = (milliseconds) => {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
  };
  const countdown = (milliseconds) => {
    const seconds = Math.round(milliseconds / 1000);
    return seconds < 600 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : words(milliseconds);
  };
  const tick = () => {
    for (const time of all("time[data-until]")) {
      const left = Date.parse(time.dateTime) - now();
      time.textContent = left > 0 ? `in ${countdown(left)}` : "any moment";
    }
    for (const time of all("time[data-since]")) time.textContent = time.dataset.since + words(now() - Date.parse(time.dateTime));
    for (const clock of all("[data-clock]")) {
      const left = Date.parse(clock.dataset.clock) - now();
      const late = left < 0;
      clock.classList.toggle("is-soon", !late && left <= 300000);
      clock.classList.toggle("is-late", late);
      clock.querySelector("[data-words]").textContent = late
        ? `Word is ${words(-left)} late` : `Customers expect word in ${words(left)}`;
    }
  };
  setInterval(tick, 1000);

  /* On a phone the bar is one row: where one is stands in sight. */
  const here = document.querySelector(".bar nav [aria-current]");
  if (here) here.parentNode.scrollLeft = here.offsetLeft - (innerWidth - here.offsetWidth) / 2;

  /* Drafts: words are kept per form until the server shows that it has them, with the submission's id, so that sending
     again after a broken connection is one update. Choices are not: meanwhile the world may have moved. */
  const fields = (form) => all("textarea, input[type=text], input[type=url], input[name=submission_id]", form);
  const read = (form) => Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  const differs = (form, values) => fields(form).some((field) =>
    field.type !== "hidden" && field.name in values && field.value !== values[field.name]);
  const write = (form, values) => {
    for (const field of fields(form)) {
      if (!(field.name in values)) continue;
      field.value = values[field.name];
      if (field.value && field.type !== "hidden") field.closest("details.fold")?.setAttribute("open", "");
    }
  };
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { /* full */ } },
    drop: (key) => { try { localStorage.removeItem(PREFIX + key); } catch { /* not allowed */ } },
    keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length)); } catch { return []; } },
  };
  const accepted = new Set(all("[data-accepted]").flatMap((room) => room.dataset.accepted.split(" ")));
  for (const key of store.keys()) if (accepted.has(store.get(key)?.submission_id)) store.drop(key);

  for (const form of all("form[data-draft]")) {
    const key = form.dataset.draft;
    const draft = store.get(key);
    const refused = form.querySelector(".errorlist");
    if (draft && !refused && differs(form, draft)) {
      write(form, draft);
      const note = document.createElement("p");
      note.className = "restored";
      note.textContent = "Your unsent words are back. ";
      const discard = document.createElement("button");
      discard.type = "button";
      discard.className = "quiet";
      discard.textContent = "Start again";
      discard.addEventListener("click", () => { store.drop(key); location.reload(); });
      note.append(discard);
      form.prepend(note);
    }
    form.addEventListener("input", () => store.set(key, read(form)));
    form.addEventListener("submit", () => store.set(key, read(form)));
  }
  for (const form of all("form[data-forget]")) form.addEventListener("submit", () => store.keys().forEach(store.drop));

  /* Addresses to be handed on: selected by a click, copied by a button where the browser can. */
  for (const field of all("input[readonly]")) field.addEventListener("focus", () => field.select());
  for (const button of all("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentNode.querySelector("input").value);
      button.querySelector("[role=status]").textContent = "Copied";
    });
  }

  /* Colours: typed, or picked where the browser can. */
  for (const field of all("input[data-colour]")) {
    const both = document.createElement("div"), picker = document.createElement("input");
    both.className = "picker";
    picker.type = "color";
    picker.setAttribute("aria-label", `Pick: ${field.labels[0].textContent}`);
    const follow = () => { if (/^#[0-9a-f]{6}$/i.test(field.value || field.placeholder)) picker.value = field.value || field.placeholder; };
    picker.addEventListener("input", () => { field.value = picker.value; field.dispatchEvent(new Event("input", { bubbles: true })); });
    field.addEventListener("input", follow);
    field.replaceWith(both);
    both.append(field, picker);
    follow();
  }

  /* Keys: Ctrl or Cmd with Enter posts; g then i, s, p goes; n makes new. */
  let last = "";
  const press = (keys) => document.querySelector(`[data-key="${keys}"]`);
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input, textarea, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      field?.form?.querySelector("[data-post]")?.click();
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
    const target = press(`${last} ${event.key}`) || press(event.key);
    last = event.key;
    if (target) { event.preventDefault(); target.click(); }
  });

  /* What is to be copied has a button for it, where the browser allows. */
  for (const button of navigator.clipboard ? all("button[data-copied]") : []) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.closest(".snippet").querySelector("code").textContent);
      button.textContent = button.dataset.copied;
    });
  }

  /* Fragments: keep previews open while they are exchanged, and never show a login page inside a panel. */
  let open = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    open = all("details[open][id]", event.detail.target).map((details) => details.id);
    if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/accounts/")) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    tick();
  });
  document.addEventListener("toggle", (event) => {
    if (event.newState === "open" && event.target.matches?.("details.act")) event.target.querySelector("textarea, input:not([type=hidden])")?.focus({ preventScroll: true });
  }, true);
  for (const link of all('a[href="#message-body"]')) link.addEventListener("click", () => document.getElementById("message")?.closest("details")?.setAttribute("open", ""));
  tick();
})();
