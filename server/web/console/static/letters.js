// Counts what has been read and ticked. Without this file the boxes and the button work all the same.
(() => {
  for (const form of document.querySelectorAll("[data-reading]")) {
    const boxes = [...form.querySelectorAll("[data-read]")];
    const bar = form.querySelector("progress");
    const count = form.querySelector("[data-count]");
    const button = form.querySelector(".letter-bar .btn-primary");
    const tell = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      bar.value = ticked;
      count.textContent = ticked;
      button.disabled = ticked === 0;
    };
    form.addEventListener("change", tell);
    tell();
  }
})();
