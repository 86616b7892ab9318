// Says so when the page's script does not load or fails before the page is there. The server puts this text into the
// page itself, or it might not load either.
addEventListener(
  "error",
  (event) => {
    if (document.readyState === "complete" || (event.target !== window && !(event.target instanceof HTMLScriptElement))) return;
    const say = () => {
      const status = document.querySelector("#status");
      status.hidden = false;
      status.textContent = "The page did not load whole. Please load it again.";
    };
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", say);
    else say();
  },
  true,
);
