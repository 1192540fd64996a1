// The hall's board: shows the newest state that the server sends, and comes back by itself after an outage.
(() => {
  const board = document.querySelector("[data-board]");
  const at = (name) => document.querySelector(`[data-${name}]`);
  const PHASES = { open: "正在打分", locked: "已封盘", sealed: "评分已密封", published: "结果已公布", annulled: "本轮已作废", cancelled: "观摩已取消" };
  const WAITING = {
    locked: ["已封盘", "正在核对签到和异常提示，随后密封并揭晓"],
    sealed: ["即将揭晓", "评分表已密封，谁也不能再改；下面的封盘指纹可以和公布的结果核对"],
    annulled: ["本轮评分已作废", "请等待工作人员说明"],
    cancelled: ["观摩已取消", ""],
  };
  const SOME = 5, MANY = 8;

  const make = (tag, words, look = "") => {
    const one = document.createElement(tag);
    one.textContent = words;
    one.className = look;
    return one;
  };
  const sum = (list, field) => list.reduce((all, one) => all + one[field], 0);
  const size = (list, count) => { list.dataset.rows = count > MANY ? "many" : count > SOME ? "some" : "few"; };

  const stopRow = (stop) => {
    const row = document.createElement("tr");
    const name = document.createElement("td");
    name.append(make("span", stop.name, "name"));
    const bar = document.createElement("progress");
    bar.max = Math.max(1, stop.expected);
    bar.value = stop.submitted;
    bar.setAttribute("aria-label", `${stop.name}已交评分表`);
    const cell = document.createElement("td");
    cell.append(bar);
    const isWhole = stop.expected > 0 && stop.submitted >= stop.expected;
    row.append(name, make("td", `${stop.present}人`), cell, make("td", `${stop.submitted}/${stop.expected}`, isWhole ? "is-whole" : ""));
    return row;
  };
  const progress = (state) => {
    at("present").textContent = state.present;
    at("invited").textContent = `/ ${state.invited} 人`;
    at("submitted").textContent = sum(state.stops, "submitted");
    at("expected").textContent = `/ ${sum(state.stops, "expected")} 张`;
    at("stops").replaceChildren(...state.stops.map(stopRow));
    size(at("stops").parentElement, state.stops.length);
  };

  const hiddenPlace = () => {
    const row = make("li", "", "place place-hidden");
    row.append(make("span", "待揭晓"), make("span", ""), make("span", ""));
    return row;
  };
  const shownPlace = (one) => {
    const row = make("li", "", one.is_newest ? "place place-newest" : "place");
    row.append(make("span", one.place ? `第${one.place}名` : "没有得分"), make("span", one.name), make("b", one.score ?? "—"));
    return row;
  };
  const result = (state) => {
    const places = at("places");
    places.replaceChildren(...Array.from({ length: state.unrevealed }, hiddenPlace), ...state.revealed.map(shownPlace));
    size(places, state.unrevealed + state.revealed.length);
    places.querySelector(".place-newest")?.scrollIntoView({ block: "nearest" });
  };

  const viewOf = (state) => {
    if (state.revealed.length) return "result";
    if (state.is_rehearsal) return "waiting";
    return state.phase === "open" ? "progress" : "waiting";
  };
  const show = (state) => {
    const view = viewOf(state);
    for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== view;
    at("phase").textContent = state.is_rehearsal ? "排练：名称和分数都是编的" : PHASES[state.phase] ?? "";
    at("phase").toggleAttribute("data-rehearsal", state.is_rehearsal);
    at("black").hidden = !state.is_black;
    const [words, more] = state.is_rehearsal ? WAITING.sealed : WAITING[state.phase] ?? WAITING.sealed;
    at("waiting").textContent = words;
    at("waiting-more").textContent = more;
    at("fingerprint").replaceChildren(...(state.fingerprint ? ["封盘指纹 ", make("b", state.fingerprint)] : []));
    if (view === "progress") progress(state);
    if (view === "result") result(state);
  };
  const close = () => {
    for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== "waiting";
    at("black").hidden = true;
    at("phase").textContent = "链接已失效";
    at("waiting").textContent = "大屏链接已失效";
    at("waiting-more").textContent = "请向观摩的工作人员要新的链接。";
    at("fingerprint").replaceChildren();
    at("line").textContent = "";
  };

  const stream = new EventSource(board.dataset.events);
  stream.onmessage = (event) => show(JSON.parse(event.data));
  stream.onopen = () => { at("line").textContent = ""; };
  stream.addEventListener("closed", () => { stream.close(); close(); });
  // A refused stream is closed for good: only a link that ended is refused with 404; anything else is tried again.
  stream.onerror = async () => {
    at("line").textContent = "连接中断，正在重连…";
    if (stream.readyState !== EventSource.CLOSED) return;
    const answer = await fetch(location.href, { method: "GET", cache: "no-store" }).catch(() => null);
    if (answer?.status === 404) close();
    else setTimeout(() => location.reload(), 3000 + Math.random() * 4000);
  };
  navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", () => { if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); });
})();
