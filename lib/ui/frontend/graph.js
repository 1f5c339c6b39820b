// A network in one column: a line for every step, rails beside them for what skips steps. All names are text nodes.
const SVG = "http://www.w3.org/2000/svg";
const RAIL = 13, DOT = 14; // px between rails; from the line's top to the middle of its dot

function show(root, { header }, component, s) {
  const text = JSON.stringify(header);
  if (s.text === text) return;
  s.text = text;
  const widest = Math.max(0, ...header.rails), left = widest * RAIL + 12;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const takes = header.nodes.map(() => []);
  for (const [from, to] of header.edges) takes[to].push(header.nodes[from].title);
  const rows = header.nodes.map((node, i) => row(node, i, takes[i]));
  const list = make("div", { class: "list", role: "list", "data-testid": "graph" }, svg, ...rows);
  list.style.setProperty("--left", `${left + 14}px`);
  let lit = -1; // the node under the pointer or the keyboard
  const light = (index) => {
    lit = index;
    for (const shape of svg.children) shape.classList.toggle("lit", shape.dataset.nodes.includes(` ${lit} `));
  };
  s.redraw = () => { rails(svg, rows, header, left); light(lit); };
  root.replaceChildren(legend(header.nodes), list);
  for (const [i, one] of rows.entries()) {
    for (const come of ["pointerenter", "focusin"]) one.addEventListener(come, () => light(i));
    for (const go of ["pointerleave", "focusout"]) one.addEventListener(go, () => light(-1));
    one.querySelector("details")?.addEventListener("toggle", () => s.redraw());
  }
  if (!s.watch) { // fonts and widths change heights, and the rails with them
    s.watch = new ResizeObserver(() => s.redraw());
    s.cleanup.push(() => s.watch.disconnect());
  }
  s.watch.disconnect();
  s.watch.observe(list);
  s.redraw();
}

function row(node, i, takes) {
  const facts = [node.shape, node.parameters ? `${node.parameters.toLocaleString("en")} parameters` : ""];
  const bar = make("i", { class: "bar" });
  bar.style.width = `${node.bar * 100}%`;
  const head = [
    make("span", { class: "title" }, node.title),
    make("span", { class: "name" }, node.layers.length > 1 ? `${node.layers[0][0]} … ${node.name}` : node.name),
    make("span", { class: "shape" }, facts.filter(Boolean).join(" · ")),
    node.parameters ? bar : null,
  ];
  const attributes = { class: `row ${node.family}`, role: "listitem", "data-node": i };
  if (!node.layers.length) return make("div", attributes, make("div", { class: "head" }, ...head));
  const lines = node.layers.map(([name, kind, shape, parameters]) =>
    make("tr", {}, make("td", {}, name), make("td", {}, kind), make("td", {}, shape),
      make("td", {}, parameters ? parameters.toLocaleString("en") : "")));
  return make("div", attributes, make("details", {},
    make("summary", { class: "head" }, ...head),
    make("p", { class: "takes" }, `Takes: ${takes.join("; ") || "nothing"}`),
    make("table", {}, ...lines)));
}

function legend(nodes) {
  const found = [...new Set(nodes.map((node) => node.family))].filter((family) => family !== "picture");
  return make("div", { class: "legend" }, ...found.map((family) => make("span", { class: family }, family)));
}

function rails(svg, rows, { edges, rails }, left) {
  const y = rows.map((one) => one.offsetTop + DOT);
  const height = (rows.at(-1)?.offsetTop ?? 0) + (rows.at(-1)?.offsetHeight ?? 0);
  svg.setAttribute("width", left + 12);
  svg.setAttribute("height", height);
  svg.replaceChildren();
  const draw = (tag, attributes, owners) => {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    shape.dataset.nodes = ` ${owners.join(" ")} `;
    svg.append(shape);
    return shape;
  };
  for (const [from, to] of edges) {
    const rail = left - rails[from] * RAIL, bend = Math.min(14, (y[to] - y[from]) / 2);
    const path = to === from + 1
      ? `M${left} ${y[from]}V${y[to]}`
      : `M${left} ${y[from]}C${rail} ${y[from]} ${rail} ${y[from]} ${rail} ${y[from] + bend}V${y[to] - bend}` +
        `C${rail} ${y[to]} ${rail} ${y[to]} ${left} ${y[to]}`;
    draw("path", { d: path }, [from, to]);
  }
  rows.forEach((one, i) => draw("circle", { cx: left, cy: y[i], r: 5, class: one.classList[1] }, [i]));
}
