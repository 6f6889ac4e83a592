// Samples of a conversion report through time: input, spikes, potentials, and the decision so far.
const sample = byId("sample"), traced = byId("traced"), neuron = byId("neuron");
const step = byId("step"), now = byId("now");

const chosenSample = () => DATA.samples[sample.value];
const chosenPopulation = () => chosenSample().populations[traced.value];

function cursor() {
  const x = Number(step.value);
  return { type: "line", yref: "paper", x0: x, x1: x, y0: 0, y1: 1,
    line: { color: "#1f2328", width: 1.5 } };
}

function listNeurons() {
  const found = chosenPopulation();
  const most = found.activation.indexOf(Math.max(...found.activation));
  neuron.replaceChildren(...found.neurons.map((number, i) =>
    new Option(`${number} (activation ${found.activation[i]})`, i, i === most, i === most)));
}

function inputSoFar() {
  const found = chosenSample();
  if (!found.spikes) return { values: found.image, name: "input, constant current" };
  const width = found.image[0].length;
  const values = found.image.map((row) => row.map(() => 0));
  for (const [places, signs] of found.spikes.slice(0, Number(step.value))) {
    places.forEach((place, i) => { values[Math.floor(place / width)][place % width] += signs[i]; });
  }
  return { values, name: "input spikes so far" };
}

function drawInput() {
  const { values, name } = inputSoFar();
  const isImage = values.length > 1;
  draw("input", isImage
    ? [{ type: "heatmap", z: values, colorscale: "Cividis", colorbar: { thickness: 12 },
        hovertemplate: "row %{y}, column %{x}: %{z}<extra></extra>" }]
    : [{ type: "bar", y: values[0], marker: { color: DATA.colours[1] },
        hovertemplate: "input %{x}: %{y}<extra></extra>" }], {
    xaxis: { title: { text: name }, constrain: "domain", showgrid: false },
    yaxis: isImage ? { autorange: "reversed", scaleanchor: "x", showgrid: false } : {},
  });
}

function colourOfClass(i) {
  const found = chosenSample();
  if (i === found.label) return DATA.colours[3];
  return i === found.predictions[step.value - 1] ? DATA.colours[0] : "#afb8c1";
}

function drawDecision() {
  const found = chosenSample();
  const values = found.decision[step.value - 1];
  draw("decision", [{
    type: "bar", x: values.map((_, i) => String(i)), y: values,
    marker: { color: values.map((_, i) => colourOfClass(i)) },
    hovertemplate: "class %{x}: %{y}<extra></extra>",
  }], {
    xaxis: { title: { text: "class" }, type: "category" },
    yaxis: { title: { text: "output so far" }, zeroline: true, zerolinecolor: "#57606a" },
  });
}

// Rows of large populations are thin: marks must not reach into their neighbours.
const markSize = (rows) => Math.max(4, Math.min(12, 200 / rows));

function drawRaster() {
  const found = chosenPopulation();
  const marks = (sign) => {
    const kept = found.signs.map((each, i) => [each, i]).filter(([each]) => each === sign)
      .map(([, i]) => i);
    return {
      x: kept.map((i) => found.steps[i]), y: kept.map((i) => found.rows[i]), mode: "markers",
      text: kept.map((i) => found.neurons[found.rows[i]]), showlegend: false,
      marker: { symbol: sign > 0 ? "line-ns-open" : "line-ew-open", size: markSize(found.neurons.length),
        color: DATA.colours[sign > 0 ? 1 : 0], line: { width: 1.5 } },
      hovertemplate: "neuron %{text}, step %{x}<extra></extra>",
    };
  };
  const kept = found.neurons.length, all = found.num_neurons;
  draw("raster", found.signs.includes(-1) ? [marks(1), marks(-1)] : [marks(1)], {
    xaxis: { title: { text: "step" }, range: [0, DATA.num_steps + 1] },
    yaxis: { title: { text: kept < all ? `${kept} of ${all} neurons` : `${all} neurons` },
      range: [-1, kept], tickvals: ticks(kept), ticktext: ticks(kept).map((i) =>
        String(found.neurons[i])) },
    shapes: [cursor()],
  });
}

function ticks(count) {
  const most = Math.min(count, 10);
  return [...Array(most).keys()].map((i) =>
    Math.round((i * (count - 1)) / Math.max(most - 1, 1)));
}

function drawPotential() {
  const found = chosenPopulation();
  const row = Number(neuron.value);
  const traces = [];
  const steps = [...Array(DATA.num_steps).keys()].map((i) => i + 1);
  const values = found.potentials ? found.potentials[row] : [];
  traces.push({ x: steps, y: values, mode: "lines", showlegend: false,
    line: { color: DATA.colours[1], shape: "hv" },
    hovertemplate: "step %{x}: %{y}<extra></extra>" });
  const spikes = found.rows.map((each, i) => (each === row ? i : -1)).filter((i) => i >= 0);
  traces.push({ x: spikes.map((i) => found.steps[i]),
    y: spikes.map((i) => (found.threshold ? found.threshold[row] : 0)), mode: "markers",
    marker: { symbol: "triangle-down", size: 9, color: DATA.colours[0] }, showlegend: false,
    hovertemplate: "spike in step %{x}<extra></extra>" });
  const shapes = [cursor()];
  if (found.threshold) {
    shapes.push({ type: "line", xref: "paper", x0: 0, x1: 1, y0: found.threshold[row],
      y1: found.threshold[row], line: { color: "#57606a", dash: "dash", width: 1 } });
  }
  draw("potential", traces, {
    xaxis: { title: { text: "step" }, range: [0, DATA.num_steps + 1] },
    yaxis: { title: { text: found.potentials ? "membrane potential" : "max pools have none" } },
    shapes,
  });
}

function say() {
  const found = chosenSample();
  const label = found.label === null ? "" : `, label ${found.label}`;
  now.textContent = `step ${step.value} of ${DATA.num_steps}: class ` +
    `${found.predictions[step.value - 1]} (ReLU network ${found.ann}${label})`;
}

function moveStep() {
  for (const id of ["raster", "potential"]) {
    Plotly.relayout(byId(id), { "shapes[0].x0": Number(step.value),
      "shapes[0].x1": Number(step.value) });
  }
  drawInput();
  drawDecision();
  say();
}

function changePopulation() {
  listNeurons();
  drawRaster();
  drawPotential();
}

sample.addEventListener("change", () => { changePopulation(); moveStep(); });
traced.addEventListener("change", changePopulation);
neuron.addEventListener("change", drawPotential);
step.addEventListener("input", moveStep);
changePopulation();
moveStep();
