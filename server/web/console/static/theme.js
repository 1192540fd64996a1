// Dark or light, before anything is painted: what the person chose, else what the system prefers.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => root.setAttribute("data-bs-theme", localStorage.getItem("theme") || (dark.matches ? "dark" : "light"));
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const other = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    localStorage.setItem("theme", other);
    apply();
  });
})();
