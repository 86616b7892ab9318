/**
 * Says that the page did not load whole. A classic script, so that browsers without modules run it as well. The server
 * puts it into the page itself.
 */
(function () {
  function say() {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
    else if (!("started" in document.body.dataset)) document.getElementById("status").hidden = false;
  }
  if (!("noModule" in HTMLScriptElement.prototype)) say();
  addEventListener(
    "error",
    function (event) {
      // A file that is missing, or a script that fails; what comes without an error is a notice of layout.
      if (event.target !== window || event.error) say();
    },
    true,
  );
  addEventListener("unhandledrejection", say);
})();
