// The page of a property map: points that the mouse names, and the best lattices.

const data = readData();
const columns = new Map(data.columns.map((each) => [each.name, each]));
const NONE = "";

const isLogarithmic = ([low, high]) => low > 0 && high > 5 * low;

/** Smallest and largest of the numbers of some rows. */
function range(values, rows) {
  return rows.reduce(([low, high], row) => [Math.min(low, values[row]), Math.max(high, values[row])], [Infinity, -Infinity]);
}

function showMap() {
  const [x, y] = ["x", "y"].map((id) => columns.get(get(id).value));
  const colour = columns.get(get("colour").value);
  const every = data.names.map((_, row) => row);
  const rows = every.filter((row) => Number.isFinite(x.values[row]) && Number.isFinite(y.values[row]));
  const missing = every.length - rows.length;
  get("missing").textContent = missing ? `${missing} without these numbers are not shown.` : "";
  if (!rows.length) {
    Plotly.react("map", [], {}, FLAT);
    return;
  }
  const [across, up] = [range(x.values, rows), range(y.values, rows)];
  const axis = (column, values) => ({
    title: { text: column.label }, type: isLogarithmic(values) ? "log" : "linear", exponentformat: "power",
    gridcolor: "#eee", zerolinecolor: "#ccc", linecolor: "#444", ticks: "outside",
  });
  const layout = {
    font: FONT, margin: { l: 80, r: 20, t: 20, b: 60 }, hovermode: "closest", plot_bgcolor: "#fff",
    xaxis: axis(x, across), yaxis: axis(y, up), legend: { x: 0.01, y: 0.99, bgcolor: "rgba(255, 255, 255, 0.7)" },
  };
  const best = rows.filter((row) => row < data.best.length);
  Plotly.react("map", [points(x, y, colour, rows), ...guides(x, y, across, up, rows), rings(x, y, best)], layout, FLAT);
}

function points(x, y, colour, rows) {
  const pick = (column) => rows.map((row) => column.values[row]);
  const text = rows.map((row) => {
    const lines = [`<b>${plain(data.names[row]) || "without a name"}</b>, row ${data.ids[row]}`];
    for (const column of new Set([x, y, colour, columns.get("density")])) {
      if (column) lines.push(`${column.label} = ${digits(column.values[row])}`);
    }
    return lines.join("<br>");
  });
  return {
    type: "scattergl", mode: "markers", x: pick(x), y: pick(y), text, hovertemplate: "%{text}<extra></extra>",
    customdata: rows, showlegend: false, marker: { size: rows.length > 2000 ? 4 : 7, ...coloured(colour, rows) },
  };
}

function coloured(colour, rows) {
  if (!colour) return { color: COLOURS[0], opacity: 0.6 };
  const known = rows.map((row) => colour.values[row]).filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = [0.01, 0.99].map((part) => known[Math.round(part * (known.length - 1))]);
  const log = known.length > 0 && isLogarithmic([low, high]);
  const of = (value) => (log ? Math.log10(Math.max(value, 1e-300)) : value);
  const ticks = log ? decades(low, high) : undefined;
  return {
    color: rows.map((row) => of(colour.values[row])), colorscale: "Viridis", cmin: of(low), cmax: of(high), opacity: 0.8,
    colorbar: {
      title: { text: colour.label, side: "right" }, thickness: 14, exponentformat: "power",
      ...(ticks && { tickvals: ticks.map(Math.log10), ticktext: ticks.map(tick) }),
    },
  };
}

/** Round values of a logarithmic axis: powers of ten, or 1, 2 and 5 times those where there are few. */
function decades(low, high) {
  const steps = high / low > 1e3 ? [1] : [1, 2, 5];
  const first = Math.floor(Math.log10(low));
  const all = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, k) => first + k);
  return all.flatMap((power) => steps.map((step) => step * 10 ** power)).map((value) => Number(value.toPrecision(1))).filter((value) => value >= low && value <= high);
}

const tick = (value) => (Number.isInteger(Math.log10(value)) ? `10<sup>${Math.log10(value)}</sup>` : digits(value, 1));

/** Over the density: the Voigt bound, and lines of slope 1 and 2 through the middle of the points. */
function guides(x, y, across, up, rows) {
  if (x.name !== "density") return [];
  const line = (name, values, dash, color) => ({
    type: "scatter", mode: "lines", x: across, y: values, name, line: { dash, color, width: 1.5 }, hoverinfo: "skip",
  });
  const found = [];
  if (y.bound) found.push(line("Voigt bound", across.map((value) => y.bound * value), "solid", "#000"));
  if (isLogarithmic(across) && isLogarithmic(up)) {
    const middle = (column) => Math.exp(rows.reduce((sum, row) => sum + Math.log(column.values[row]), 0) / rows.length);
    const [a, b] = [middle(x), middle(y)];
    for (const [slope, dash] of [[1, "dash"], [2, "dot"]]) {
      found.push(line(`slope ${slope}`, across.map((value) => b * (value / a) ** slope), dash, "#777"));
    }
  }
  return found;
}

function rings(x, y, best) {
  return {
    type: "scatter", mode: "markers+text", x: best.map((row) => x.values[row]), y: best.map((row) => y.values[row]),
    text: best.map((row) => `<b>${row + 1}</b>`), textposition: "top right", hoverinfo: "skip", showlegend: false,
    marker: { symbol: "circle-open", size: 13, color: "#000", line: { width: 2 } },
  };
}

function showCells() {
  get("cells").hidden = !data.best.length;
  get("chosen").textContent = data.chosen;
  data.best.forEach((_, row) => {
    const figure = element("figure", "", { id: `figure-${row}` });
    const density = columns.get("density");
    const caption = element("figcaption", `${row + 1}. ${data.names[row] || "without a name"}, row ${data.ids[row]}`);
    caption.append(element("br"), element("span", density ? `relative density ${digits(density.values[row], 3)}` : "", { class: "quiet" }));
    caption.append(element("span", "", { class: "quiet", id: `value-${row}` }));
    figure.append(element("div", "", { class: "small", id: `cell-${row}` }), caption);
    get("best").append(figure);
  });
  // when all have their places: a scene is as large as its place is
  data.best.forEach((cell, row) => Plotly.newPlot(`cell-${row}`, cellTraces(cell, 1), sceneLayout(`cell-${row}`), CONFIG));
}

function showValues() {
  const y = columns.get(get("y").value);
  data.best.forEach((_, row) => {
    get(`value-${row}`).textContent = y.name === "density" ? "" : `, ${y.name} ${digits(y.values[row])}`;
  });
}

/** The cell of a point that is clicked is framed and brought into view. */
function choose(event) {
  const row = event.points[0].customdata;
  if (row === undefined || row >= data.best.length) return;
  for (const figure of document.querySelectorAll("figure")) figure.classList.toggle("chosen", figure.id === `figure-${row}`);
  get(`figure-${row}`).scrollIntoView({ block: "center", behavior: "smooth" });
}

for (const id of ["x", "y", "colour"]) {
  const names = [...(id === "colour" ? [NONE] : []), ...columns.keys()];
  get(id).append(...names.map((name) => element("option", name || "none", { value: name })));
  get(id).value = data[id];
  get(id).addEventListener("change", () => { showMap(); showValues(); });
}
get("title").textContent = data.title;
get("about").textContent = data.about;
showMap();
get("map").on("plotly_click", choose);
showCells();
showValues();
