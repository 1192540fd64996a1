// Checks a picture against its code: the digest is computed here, the picture goes nowhere.
(() => {
  const input = document.querySelector("[data-verify]");
  const state = document.querySelector("[data-verify-state]");
  if (!input) return;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    if (!window.crypto?.subtle) {
      state.textContent = "这个浏览器不能在本页计算，请换用新版浏览器，并用 https 地址打开。";
      return;
    }
    state.textContent = "正在计算……";
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    location.assign(`/verify/${encodeURIComponent(input.dataset.verify)}?sha256=${hex}`);
  });
})();
