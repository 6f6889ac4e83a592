// What all figures share: fonts, margins, no tools that nobody needs.
const byId = (id) => document.getElementById(id);

function layout(changes) {
  const axis = { gridcolor: "#eceff2", zeroline: false, automargin: true, fixedrange: true };
  const { xaxis, yaxis, ...others } = changes;
  return {
    font: { family: "system-ui, sans-serif", size: 13, color: "#1f2328" },
    margin: { l: 10, r: 12, t: 12, b: 10 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { align: "left" },
    legend: { orientation: "h", y: -0.25, x: 0 },
    ...others,
    xaxis: { ...axis, ...xaxis },
    yaxis: { ...axis, ...yaxis },
  };
}

function draw(id, traces, changes) {
  Plotly.react(byId(id), traces, layout(changes), { responsive: true, displayModeBar: false });
}

// Names come from the user's network; plotly reads tags in texts.
function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
