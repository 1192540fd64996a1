// Rectangles over faces and plates, drawn with the mouse or moved with the keys; the server blackens the pixels.
(() => {
  const dialog = document.getElementById("redacting");
  const picture = dialog.querySelector("[data-picture]");
  const board = dialog.querySelector("[data-boxes]");
  const told = dialog.querySelector("[data-told]");
  const apply = dialog.querySelector("[data-apply]");
  const STEP = 0.01, SMALLEST = 0.01, MOST = 40;
  let photoId = "";

  const boxes = () => [...board.children];
  const within = (value, least, most) => Math.min(Math.max(value, least), most);
  const read = (box) => ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
  const percent = (share) => `${Math.round(share * 100)}%`;

  const tell = (box) => {
    const all = boxes();
    apply.disabled = all.length === 0;
    if (!all.length) { told.textContent = "还没有方框"; return; }
    const at = all.indexOf(box ?? all[all.length - 1]);
    const [x, y, width, height] = read(all[at]);
    told.textContent = `共${all.length}个方框；第${at + 1}个：距左${percent(x)}，距上${percent(y)}，宽${percent(width)}，高${percent(height)}`;
  };
  const place = (box, x, y, width, height) => {
    const wide = within(width, SMALLEST, 1), high = within(height, SMALLEST, 1);
    const values = { x: within(x, 0, 1 - wide), y: within(y, 0, 1 - high), width: wide, height: high };
    for (const [name, value] of Object.entries(values)) box.setAttribute(name, value.toFixed(4));
    box.setAttribute("aria-label", `第${boxes().indexOf(box) + 1}个方框，距左${percent(values.x)}，距上${percent(values.y)}，宽${percent(wide)}，高${percent(high)}`);
    tell(box);
  };
  const add = (x, y, width, height) => {
    if (boxes().length >= MOST) return null;
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    box.setAttribute("tabindex", "0");
    box.setAttribute("role", "img");
    board.append(box);
    place(box, x, y, width, height);
    return box;
  };

  // Mouse, pen and finger
  const at = (event) => {
    const frame = board.getBoundingClientRect();
    return [within((event.clientX - frame.left) / frame.width, 0, 1), within((event.clientY - frame.top) / frame.height, 0, 1)];
  };
  board.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const [startX, startY] = at(event);
    const taken = event.target.matches("rect") ? event.target : null;
    const before = taken && read(taken);
    const box = taken ?? add(startX, startY, SMALLEST, SMALLEST);
    if (!box) return;
    box.focus();
    const move = (moved) => {
      const [x, y] = at(moved);
      if (before) place(box, before[0] + x - startX, before[1] + y - startY, before[2], before[3]);
      else place(box, Math.min(x, startX), Math.min(y, startY), Math.abs(x - startX), Math.abs(y - startY));
    };
    const stop = () => {
      board.removeEventListener("pointermove", move);
      board.removeEventListener("pointerup", stop);
      board.removeEventListener("pointercancel", stop);
    };
    board.setPointerCapture(event.pointerId);
    board.addEventListener("pointermove", move);
    board.addEventListener("pointerup", stop);
    board.addEventListener("pointercancel", stop);
  });

  // Keys
  const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  dialog.addEventListener("keydown", (event) => {
    const box = event.target.matches("rect") ? event.target : null;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "a") {
      event.preventDefault();
      add(0.4, 0.4, 0.2, 0.15)?.focus();
    } else if (box && event.key in ARROWS) {
      event.preventDefault();
      const [x, y, width, height] = read(box), [across, down] = ARROWS[event.key];
      if (event.shiftKey) place(box, x, y, Math.min(width + across, 1 - x), Math.min(height + down, 1 - y));
      else place(box, x + across, y + down, width, height);
    } else if (box && ["Delete", "Backspace"].includes(event.key)) {
      event.preventDefault();
      box.remove();
      tell();
      (boxes().at(-1) ?? dialog.querySelector("[data-add]")).focus();
    }
  });
  board.addEventListener("focusin", (event) => tell(event.target));

  dialog.querySelector("[data-add]").addEventListener("click", () => add(0.4, 0.4, 0.2, 0.15)?.focus());
  dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  apply.addEventListener("click", () => {
    const form = document.getElementById("redaction");
    form.elements.photo_id.value = photoId;
    form.elements.boxes.value = JSON.stringify(boxes().map(read).map(([x, y, width, height]) => (
      { left: x, top: y, right: Math.min(1, x + width), bottom: Math.min(1, y + height) })));
    dialog.close();
    form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-redact]");
    if (!opener) return;
    const photo = opener.closest("[data-photo]");
    photoId = photo.dataset.photoId;
    picture.src = photo.querySelector("[data-enlarge]").href;
    picture.alt = photo.querySelector("img").alt;
    board.replaceChildren();
    tell();
    dialog.showModal();
    dialog.querySelector("[data-add]").focus();
  });
})();
