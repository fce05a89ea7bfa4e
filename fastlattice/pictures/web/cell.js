// The page of lattices: one of them at one density at a time.

const data = readData();
const ORDER = {
  mandel: ["11", "22", "33", "23", "13", "12"],
  voigt: ["11", "22", "33", "23", "13", "12"],
  abaqus: ["11", "22", "33", "12", "13", "23"],
};
const PLANES = ["xy", "xz", "yz"];
const directions = xyz(data.directions);
const faces = ijk(data.triangles);

function shown() {
  const lattice = data.lattices[Number(get("lattice").value)];
  return { lattice, state: lattice.states[Number(get("density").value)] };
}

function showLattice() {
  const { lattice } = shown();
  get("name").textContent = lattice.name;
  get("tiles").textContent = lattice.tiles > 1 ? "2 × 2 × 2 times" : "once";
  get("density").max = lattice.states.length - 1;
  get("density").value = lattice.own;
  showState();
}

function showState() {
  const { lattice, state } = shown();
  get("density-value").textContent = digits(state.density, 3);
  get("about").textContent = `${lattice.nodes} nodes, ${lattice.struts} struts in the cell; largest radius over length of a strut ${digits(state.slenderness, 3)}`;
  get("warning").textContent = state.reason ? `No stiffness: ${state.reason}` : state.warning;
  Plotly.react("cell", cellTraces(lattice.cell, state.scale), sceneLayout(lattice.name), CONFIG);
  for (const part of document.querySelectorAll(".stiff")) part.hidden = Boolean(state.reason);
  if (state.reason) return;
  showSurface(lattice, state);
  showSections();
  showNumbers(state);
}

function showSurface(lattice, state) {
  const { young } = state;
  const most = young.reduce((a, b) => Math.max(a, b));
  const least = young.reduce((a, b) => Math.min(a, b));
  const flat = most - least < 1e-3 * most; // isotropic, for the eye
  const place = (unit) => unit.map((value, index) => value * young[index]);
  const surface = {
    type: "mesh3d", x: place(directions.x), y: place(directions.y), z: place(directions.z), ...faces,
    intensity: young, cmin: flat ? 0.95 * most : least, cmax: flat ? 1.05 * most : most, colorscale: "Viridis",
    colorbar: { thickness: 14, len: 0.7, exponentformat: "power", title: { text: `E [${data.unit}]`, side: "right" } },
    hovertemplate: "E = %{intensity:.4~g}<extra></extra>",
    lighting: { ambient: 0.6, diffuse: 0.6, specular: 0.15, roughness: 0.6, fresnel: 0.05 },
    lightposition: { x: 1e4, y: -4e3, z: 1e4 },
  };
  Plotly.react("surface", [surface, ...axisTraces([0, 0, 0], 1.25 * most)], sceneLayout(lattice.name), CONFIG);
}

function showSections() {
  const { state } = shown();
  const plane = Number(get("plane").value);
  const count = state.sections.length / 15;
  const curve = (which) => Array.from(state.sections.slice((5 * plane + which) * count, (5 * plane + which + 1) * count));
  const [young, shearLow, shearHigh, poissonLow, poissonHigh] = [0, 1, 2, 3, 4].map(curve);
  polar("young", plane, [["E", young]]);
  polar("soft", plane, [["1/E", young.map((value) => 1 / value)]]);
  polar("shear", plane, [["largest", shearHigh], ["smallest", shearLow]]);
  polar("poisson", plane, [["largest", poissonHigh], ["smallest", poissonLow]]);
}

function polar(id, plane, curves) {
  const count = curves[0][1].length;
  const theta = Array.from({ length: count }, (_, k) => (360 * k) / (count - 1));
  const least = Math.min(0, ...curves.flatMap(([, r]) => r));
  const most = Math.max(0, ...curves.flatMap(([, r]) => r));
  const traces = curves.map(([name, r], k) => ({
    type: "scatterpolar", mode: "lines", r, theta, name, line: { color: COLOURS[k], width: 2.5, dash: k ? "dash" : "solid" },
    hovertemplate: `${name} %{r:.4~g} at %{theta:.0f}°<extra></extra>`,
  }));
  if (least < 0) {
    traces.push({
      type: "scatterpolar", mode: "lines", r: theta.map(() => 0), theta, line: { color: "#999", width: 1 },
      hoverinfo: "skip",
    });
  }
  const [a, b] = PLANES[plane];
  const layout = {
    font: FONT, margin: { l: 30, r: 30, t: 24, b: 24 }, showlegend: false,
    polar: {
      angularaxis: { tickvals: [0, 45, 90, 135, 180, 225, 270, 315], ticktext: [a, "45°", b, "", "", "", "", ""], gridcolor: "#eee" },
      radialaxis: { range: [1.05 * least, 1.08 * most], nticks: 4, exponentformat: "power", gridcolor: "#ddd", angle: 22, tickangle: 22, tickfont: { size: 10, color: "#555" } },
    },
  };
  Plotly.react(id, traces, layout, FLAT);
}

function showNumbers(state) {
  const along = (frame) => `(${frame.map((value) => value.toFixed(2).replace("-0.00", "0.00")).join(", ")})`;
  const rows = state.ranges.flatMap(({ name, low, high }) => [["smallest", low], ["largest", high]].map(
    ([which, [value, n, m]]) => [`${which} ${name}`, digits(value), along(n), m ? along(m) : ""]));
  fillTable(get("ranges"), [["", "", "n", "m"], ...rows]);
  get("averages").textContent = state.averages.map(([name, value]) => `${name} ${digits(value)}`).join(", ");
  const notation = get("notation").value;
  const order = ORDER[notation];
  const matrix = state.matrices[notation];
  const most = Math.max(...matrix.flat().map(Math.abs));
  const cells = matrix.map((row, i) => [order[i], ...row.map((value) => (Math.abs(value) < 1e-12 * most ? "0" : digits(value)))]);
  fillTable(get("matrix"), [["", ...order], ...cells]);
}

/** Turns one picture as the other is turned, so that stiffness is seen beside the struts that give it. */
function follow(leader, follower) {
  get(leader).on("plotly_relayout", (change) => {
    const camera = change["scene.camera"];
    const other = get(follower).layout?.scene?.camera;
    if (!camera || !other || JSON.stringify(camera) === JSON.stringify(other)) return;
    Plotly.relayout(follower, { "scene.camera": structuredClone(camera) });
  });
}

for (const each of document.querySelectorAll(".unit")) each.textContent = `[${data.unit}]`;
for (const each of document.querySelectorAll(".inverse")) each.textContent = `[1/${data.unit}]`;
get("lattice").append(...data.lattices.map((lattice, index) => element("option", lattice.name, { value: index })));
get("choice").hidden = data.lattices.length < 2;
get("lattice").addEventListener("change", showLattice);
get("density").addEventListener("input", showState);
get("plane").addEventListener("change", showSections);
get("notation").addEventListener("change", () => showNumbers(shown().state));
for (const [one, other] of [["cell", "surface"], ["surface", "cell"]]) {
  Plotly.newPlot(one, [], sceneLayout(""), CONFIG);
  follow(one, other);
}
showLattice();
