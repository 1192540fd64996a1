// Choosing rows of the ledger by keyboard. Without this file the boxes work with the mouse and the Tab key.
(() => {
  const bar = document.querySelector("[data-batch]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll("[data-box]")];
  const all = document.querySelector("[data-all]");
  const count = bar.querySelector("[data-count]");
  const buttons = bar.querySelectorAll("button");

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen ? `已选${chosen}条` : "勾选台账后可以成批办理";
    for (const button of buttons) button.disabled = chosen === 0;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", box.checked);
  };
  const choose = (checked) => { for (const box of boxes) box.checked = checked; tell(); };
  const step = (by) => {
    const at = boxes.indexOf(document.activeElement);
    const box = boxes[at < 0 ? 0 : Math.min(Math.max(at + by, 0), boxes.length - 1)];
    box?.focus();
    box?.scrollIntoView({ block: "nearest" });
  };
  const toggle = () => {
    const box = document.activeElement;
    if (boxes.includes(box)) { box.checked = !box.checked; tell(); }
  };

  all.hidden = false;
  all.addEventListener("change", () => choose(all.checked));
  document.addEventListener("change", (event) => { if (event.target.matches("[data-box]")) tell(); });
  const KEYS = {
    j: () => step(1), k: () => step(-1), x: toggle,
    a: () => choose(boxes.some((box) => !box.checked)), b: () => bar.querySelector("select").focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const act = KEYS[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  tell();
})();
