// What all pages share: numbers out of the page's data, scenes of three dimensions, texts.

const KINDS = { f4: Float32Array, f8: Float64Array, u2: Uint16Array, u4: Uint32Array };
const CONFIG = {
  displaylogo: false, responsive: true, plotGlPixelRatio: window.devicePixelRatio,
  modeBarButtons: [["toImage", "resetCameraDefault3d"]],
};
const FLAT = { ...CONFIG, modeBarButtons: [["toImage"]] };
const FONT = { family: "system-ui, sans-serif", size: 12, color: "#222" };
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
const CAMERA = { eye: { x: 1.75, y: 0.9, z: 0.72 }, projection: { type: "perspective" } };

const get = (id) => document.getElementById(id);

/** The page's data, arrays decoded: {kind, data} is the base64 of little-endian numbers. */
function readData() {
  return JSON.parse(get("data").textContent, (key, value) => {
    if (!value || typeof value !== "object" || !("base64" in value)) return value;
    const bytes = Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0));
    return new KINDS[value.kind](bytes.buffer);
  });
}

/** Every third number, from `first` on. */
function column(array, first, width = 3) {
  const found = new array.constructor(array.length / width);
  for (let row = 0; row < found.length; row++) found[row] = array[row * width + first];
  return found;
}

const xyz = (array) => ({ x: column(array, 0), y: column(array, 1), z: column(array, 2) });
const ijk = (array) => ({ i: column(array, 0), j: column(array, 1), k: column(array, 2) });

/** A cell: its mesh with radii times `scale`, its outline, and the names of the axes. */
function cellTraces(cell, scale) {
  const vertices = cell.mesh.axes.map((value, index) => value + scale * cell.mesh.rims[index]);
  return [
    {
      type: "mesh3d", ...xyz(vertices), ...ijk(cell.mesh.triangles), color: "rgb(69, 115, 168)", hoverinfo: "skip",
      lighting: { ambient: 0.5, diffuse: 0.7, specular: 0.25, roughness: 0.5, fresnel: 0.1 },
      lightposition: { x: 1e4, y: -4e3, z: 1e4 },
    },
    lines(cell.outline, "#b5b5b5", 2),
    ...axisTraces(cell.origin, cell.reach),
  ];
}

/** Segments [S, 2, 3], with a gap after each. */
function lines(segments, color, width) {
  const points = [];
  for (let start = 0; start < segments.length; start += 6) {
    points.push(...segments.slice(start, start + 6), NaN, NaN, NaN);
  }
  return {
    type: "scatter3d", mode: "lines", ...xyz(points), line: { color, width }, hoverinfo: "skip", showlegend: false,
  };
}

/** The directions x, y and z from a point on. */
function axisTraces(origin, reach) {
  const tips = [0, 1, 2].map((axis) => origin.map((value, k) => value + (k === axis ? reach : 0)));
  const names = {
    type: "scatter3d", mode: "text", ...xyz(tips.flat()), text: ["x", "y", "z"], textfont: { size: 15, color: "#444" },
    hoverinfo: "skip", showlegend: false,
  };
  return [lines(tips.flatMap((tip) => [...origin, ...tip]), "#444", 4), names];
}

/** A layout with one scene and nothing but the picture; `uirevision` keeps the camera while the content changes. */
function sceneLayout(key) {
  const axis = { visible: false, showspikes: false };
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 }, font: FONT, showlegend: false, uirevision: key,
    scene: { xaxis: axis, yaxis: axis, zaxis: axis, aspectmode: "data", camera: CAMERA, dragmode: "orbit" },
  };
}

/** A number with some digits, as 3.21e-5 where it is small. */
function digits(value, count = 4) {
  const far = value !== 0 && (Math.abs(value) < 1e-2 || Math.abs(value) >= 1e4);
  return far ? value.toExponential(count - 1) : value.toPrecision(count);
}

/** Text for plotly, which reads some of HTML. */
const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Rows of texts as a table; the first of each row, and the first row, are heads. */
function fillTable(table, rows) {
  table.replaceChildren(...rows.map((row, index) => {
    const line = element("tr");
    line.append(...row.map((text, place) => element(index && place ? "td" : "th", text)));
    return line;
  }));
}
