/**
 * Says that the page did not load whole. A classic script, so that browsers without modules run it as well. The server
 * puts it into the page itself.
 */
(function () {
  function failed() {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", failed);
    else if (!("started" in document.body.dataset)) document.getElementById("status").hidden = false;
  }
  if (!("noModule" in HTMLScriptElement.prototype)) failed();
  addEventListener("error", failed, true); // a file that is missing, or a script that fails
  addEventListener("unhandledrejection", failed);
})();
