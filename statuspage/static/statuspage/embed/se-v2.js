// Scripts that were written for Statuspage's se-v2.js go on working with this address instead: the same calls, answered
// by this page's own API. Which page is meant is said by the host this was loaded from; `page` and `host` are ignored.
(function () {
  "use strict";
  var script = document.currentScript, home = script ? script.src.replace(/^(https?:\/\/[^/]+).*/, "$1") : "";
  var FILTERS = { unresolved: 1, resolved: 1, upcoming: 1, active: 1 };

  function call(hook, value) {
    if (typeof hook === "function") hook(value);
  }

  function Page() {
    if (!(this instanceof Page)) return new Page();
  }

  function ask(verb, path, hooks, form) {
    var request = new XMLHttpRequest(), parsed;
    request.open(verb, home + "/api/v2/" + path + ".json");
    if (form) request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.onerror = function () { call(hooks.error, new Error("The status page cannot be reached.")); };
    request.onload = function () {
      try {
        parsed = JSON.parse(request.responseText);
      } catch (error) {}
      if (parsed && request.status < 300) return call(hooks.success, parsed);
      call(hooks.error, new Error((parsed || {}).message || "The status page answered " + request.status + "."));
    };
    request.send(form);
  }

  Page.prototype.get = function (path, hooks) { ask("GET", path, hooks || {}); };

  function reading(path) {
    return function (hooks) {
      var filter = hooks && FILTERS[hooks.filter] ? "/" + hooks.filter : "";
      this.get(path + filter, hooks);
    };
  }

  // Nobody is signed up or removed by this: whoever the address belongs to is asked by mail or SMS.
  function subscribing(verb, names) {
    return function (given) {
      var form = [], hooks = arguments[arguments.length - 1] || {}, name, field;
      for (name in names) {
        field = encodeURIComponent("subscriber[" + names[name] + "]" + (Array.isArray(given[name]) ? "[]" : ""));
        if (given[name]) form = form.concat([].concat(given[name]).map(function (each) {
          return field + "=" + encodeURIComponent(each);
        }));
      }
      ask(verb, "subscribers", hooks, form.join("&"));
    };
  }

  function refusing() {
    var hooks = arguments[arguments.length - 1] || {};
    call(hooks.error, new Error("This script reads, subscribes and unsubscribes: " + home + "/"));
  }

  Page.prototype.summary = reading("summary");
  Page.prototype.status = reading("status");
  Page.prototype.components = reading("components");
  Page.prototype.incidents = reading("incidents");
  Page.prototype.scheduled_maintenances = reading("scheduled-maintenances");
  Page.prototype.subscribe = subscribing("POST", {
    email: "email", sms: "email_sms", endpoint: "endpoint", incident_id: "incident_id", component_ids: "component_ids"
  });
  Page.prototype.unsubscribe = subscribing("DELETE", { id: "id" });
  Page.prototype.post = Page.prototype["delete"] = refusing;
  window.StatusPage = { page: Page };
})();
