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

  Page.prototype.get = function (path, hooks) {
    var request = new XMLHttpRequest(), parsed;
    hooks = hooks || {};
    request.open("GET", home + "/api/v2/" + path + ".json");
    request.onerror = function () { call(hooks.error, new Error("The status page cannot be reached.")); };
    request.onload = function () {
      try {
        if (request.status !== 200) throw new Error("The status page answered " + request.status + ".");
        parsed = JSON.parse(request.responseText);
      } catch (error) {
        return call(hooks.error, error);
      }
      call(hooks.success, parsed);
    };
    request.send();
  };

  function reading(path) {
    return function (hooks) {
      var filter = hooks && FILTERS[hooks.filter] ? "/" + hooks.filter : "";
      this.get(path + filter, hooks);
    };
  }

  function refusing() {
    var hooks = arguments[arguments.length - 1] || {};
    call(hooks.error, new Error("People subscribe on the status page itself: " + home + "/"));
  }

  Page.prototype.summary = reading("summary");
  Page.prototype.status = reading("status");
  Page.prototype.components = reading("components");
  Page.prototype.incidents = reading("incidents");
  Page.prototype.scheduled_maintenances = reading("scheduled-maintenances");
  Page.prototype.post = Page.prototype["delete"] = Page.prototype.subscribe = Page.prototype.unsubscribe = refusing;
  window.StatusPage = { page: Page };
})();
