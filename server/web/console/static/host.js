// The host's keys: what stands on a button's data-key presses that button, unless somebody types.
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, a, button, summary")) return;
    const button = [...document.querySelectorAll("[data-key]:not(:disabled)")].find((one) => one.dataset.key.split(" ").includes(event.key === " " ? "Space" : event.key));
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
