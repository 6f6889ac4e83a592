// Populations of a conversion report: what each loses, and why.
const population = byId("population");

function drawLosses() {
  const { names, points } = DATA.losses;
  draw("losses", [{
    type: "bar", x: points, y: names.map(plain), orientation: "h",
    marker: { color: points.map((each) => DATA.colours[each > 0 ? 0 : 1]) },
    hovertemplate: "%{y}: %{x:+.2f} points<extra></extra>",
  }], {
    xaxis: { title: { text: "percentage points lost" }, zeroline: true, zerolinecolor: "#57606a" },
    yaxis: { autorange: "reversed", type: "category" },
  });
}

function drawPopulation() {
  const found = DATA.populations[population.value];
  const all = found.activation.concat(found.rate);
  const low = Math.min(0, ...all), high = Math.max(1e-9, ...all);
  draw("rates", [
    { x: [low, high], y: [low, high], mode: "lines", hoverinfo: "skip", showlegend: false,
      line: { color: "#57606a", dash: "dash", width: 1 } },
    { x: found.activation, y: found.rate, mode: "markers", type: "scatter", showlegend: false,
      marker: { size: 5, opacity: 0.45, color: DATA.colours[1] },
      text: found.neurons.map((neuron, i) => `neuron ${neuron}, sample ${found.rows[i]}`),
      hovertemplate: "%{text}<br>activation %{x}<br>rate %{y}<extra></extra>" },
  ], {
    xaxis: { title: { text: "activation / scale" } },
    yaxis: { title: { text: "rate / max. rate" } },
  });
  const names = found.causes.map((each) => each.name);
  const bars = [["alone", "alone", 3], ["network", "in the network", 4]].map(
    ([key, name, colour]) => ({
      type: "bar", orientation: "h", y: names, x: found.causes.map((each) => each[key]), name,
      marker: { color: DATA.colours[colour] },
      hovertemplate: "%{y}: %{x:.1f} %<extra>" + name + "</extra>",
    }));
  draw("causes", bars, {
    barmode: "group",
    xaxis: { title: { text: names.length ? "% of the spikes due" : "no charges are counted" },
      zeroline: true, zerolinecolor: "#57606a" },
    yaxis: { autorange: "reversed", type: "category" },
    legend: { orientation: "h", y: 1.12, x: 0 },
  });
}

population.addEventListener("change", drawPopulation);
drawLosses();
drawPopulation();
