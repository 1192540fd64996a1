// Draws each table that a chart names; the table stays, for those who read and for those who listen.
(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const cells = (row) => [...row.cells].map((cell) => cell.textContent.trim());
  const charts = [];

  const options = (table, lying) => {
    const head = cells(table.tHead.rows[0]).slice(1);
    const rows = [...table.tBodies[0].rows].map(cells);
    const line = { lineStyle: { color: colour("--line") } };
    const text = { color: colour("--soft") };
    const names = { type: "category", data: rows.map((row) => row[0]), inverse: lying, axisLine: line, axisLabel: text, axisTick: { show: false } };
    const values = { type: "value", minInterval: 1, splitLine: line, axisLabel: text };
    return {
      animation: false,
      color: [colour("--blue"), colour("--good")],
      grid: { left: 8, right: 16, top: 10, bottom: 4, containLabel: true },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: head.map((name, at) => ({ name, type: "bar", barMaxWidth: 18, data: rows.map((row) => Number(row[at + 1])) })),
    };
  };

  const draw = () => charts.forEach(([chart, table, lying]) => chart.setOption(options(table, lying), true));

  for (const place of document.querySelectorAll("[data-chart-of]")) {
    const table = document.getElementById(place.dataset.chartOf);
    charts.push([echarts.init(place), table, "lying" in place.dataset]);
  }
  draw();
  addEventListener("resize", () => charts.forEach(([chart]) => chart.resize()));
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
