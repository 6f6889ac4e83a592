// Curves over a cost: what is shown, over what, and which ones is chosen by the reader.
const DASHES = ["solid", "dash", "dot"];
const SYMBOLS = ["circle", "square", "diamond", "cross", "triangle-up", "triangle-down"];
const MOST_WITH_BARS = 4;
const x = byId("x"), y = byId("y");

function isShown(i) {
  return byId("curve" + i).checked;
}

function errors(curve, quantity) {
  // Bars of many curves would hide the curves.
  const shown = DATA.curves.filter((_, i) => isShown(i)).length;
  if (!quantity.low || shown > MOST_WITH_BARS) return undefined;
  const at = (name) => curve[name];
  return {
    type: "data",
    symmetric: false,
    array: at(quantity.high).map((high, i) => high - curve[quantity.key][i]),
    arrayminus: at(quantity.low).map((low, i) => curve[quantity.key][i] - low),
    thickness: 1,
    width: 2,
  };
}

function lineOf(curve, i, cost, quantity) {
  const colour = DATA.colours[i % DATA.colours.length];
  const hover = curve.steps.map((steps, j) =>
    [`<b>${plain(curve.name)}</b>`]
      .concat(DATA.quantities.concat(DATA.costs).map((each) =>
        `${plain(each.name)}: ${format(curve[each.key][j], each.digits)}`))
      .join("<br>"));
  return {
    x: curve[cost.key], y: curve[quantity.key], error_y: errors(curve, quantity),
    name: plain(curve.name), mode: "lines+markers", hovertext: hover, hoverinfo: "text",
    line: { color: colour, dash: DASHES[Math.floor(i / DATA.colours.length) % DASHES.length] },
    marker: { symbol: SYMBOLS[i % SYMBOLS.length], size: 7, color: colour },
    meta: i,
  };
}

function format(value, digits) {
  return value.toLocaleString("en", { minimumFractionDigits: digits,
    maximumFractionDigits: digits });
}

function pointsOf(points, cost, quantity, looks) {
  return { x: points[cost.key], y: points[quantity.key], hoverinfo: "skip", ...looks };
}

function update() {
  const cost = DATA.costs[x.value], quantity = DATA.quantities[y.value];
  const traces = [];
  if (DATA.fronts) {
    traces.push(pointsOf(DATA.fronts[cost.key] || DATA.fronts.steps, cost, quantity, {
      name: "front", mode: "lines", line: { color: "#8c959f", width: 9, shape: "hv" },
      opacity: 0.35,
    }));
  }
  DATA.curves.forEach((curve, i) => {
    if (isShown(i)) traces.push(lineOf(curve, i, cost, quantity));
  });
  if (DATA.chosen) {
    traces.push(pointsOf(DATA.chosen, cost, quantity, {
      name: "chosen", mode: "markers",
      marker: { symbol: "star", size: 17, color: "#fff", line: { color: "#1f2328", width: 2 } },
    }));
  }
  const level = DATA.levels[quantity.key];
  const shapes = level === undefined ? [] : [{
    type: "line", xref: "paper", x0: 0, x1: 1, y0: level, y1: level,
    line: { color: "#57606a", dash: "dash", width: 1 },
  }];
  draw("curves", traces, {
    xaxis: { title: { text: plain(cost.name) + " (logarithmic)" }, type: "log",
      tickformat: "~s", dtick: "D2" },
    showlegend: false,
    yaxis: { title: { text: plain(quantity.name) } },
    shapes,
    annotations: level === undefined ? [] : [{
      xref: "paper", x: 0, xanchor: "left", y: level, yanchor: "bottom", showarrow: false,
      text: "ReLU network", font: { size: 12, color: "#57606a" },
    }],
  });
}

// The boxes are the legend.
DATA.curves.forEach((_, i) => {
  const colour = DATA.colours[i % DATA.colours.length];
  const dash = ["solid", "dashed", "dotted"][Math.floor(i / DATA.colours.length) % 3];
  byId("curve" + i).nextElementSibling.style.borderTop = `4px ${dash} ${colour}`;
});
byId("none").addEventListener("click", () => {
  const boxes = [...document.querySelectorAll("#shown input")];
  const isAny = boxes.some((box) => box.checked);
  for (const box of boxes) box.checked = !isAny;
  update();
});
x.addEventListener("change", update);
y.addEventListener("change", update);
byId("shown").addEventListener("change", update);
update();
