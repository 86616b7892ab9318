/**
 * Says that the page did not load whole. A classic script, so that browsers without modules run it as well. The server
 * puts it into the page itself.
 */
(function () {
  function say() {
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
    else if (!("started" in document.body.dataset)) {
      var status = document.getElementById("status");
      status.textContent =
        location.protocol === "file:"
          ? "From a file this page cannot run. Serve its folder, by python -m http.server for one, and open http://127.0.0.1:8000."
          : "The page did not load whole. Please load it again.";
      status.hidden = false;
    }
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
