// The ranked classes as bars and, on demand, every class as a column. Ranking and wording are Python's; rows are reused by rank.
const MOST_AXIS_LABELS = 40;
const width = (node, share) => {
  hide(node, !(share > 0.002)); // less would be drawn as a line of full height
  const wanted = `${(100 * Math.min(1, share)).toFixed(2)}%`;
  if (node.style.width !== wanted) node.style.width = wanted;
};

const buildRow = () => {
  const part = (tag, name) => make(tag, { class: name });
  const row = { name: part("span", "name"), fill: part("i", "fill"), ghost: part("i", "ghost"), pin: part("i", "pin"),
    words: part("span", "words"), extra: part("span", "extra") };
  const track = make("span", { class: "track", "aria-hidden": "true" }, row.fill, row.ghost, row.pin);
  row.node = make("li", { class: "row", "data-testid": "prediction" }, row.name, track, make("span", { class: "said" }, row.words, row.extra));
  return row;
};
const fillRow = (s, row, rank, entry, header, arrays) => {
  const name = s.names[entry.class], p = arrays.now[entry.class];
  text(row.name, name); row.name.title = name;
  text(row.words, entry.words);
  const extra = [entry.logit == null ? null : `logit ${entry.logit}`, entry.pinned == null ? null : `${header.pinned} ${entry.pinned}`];
  text(row.extra, extra.filter(Boolean).map((words) => words.replaceAll(" ", "\u00a0")).join(" · ")); // breaks only between the two
  width(row.fill, p);
  width(row.ghost, arrays.previous?.[entry.class] ?? 0);
  width(row.pin, arrays.pinned?.[entry.class] ?? 0);
  Object.assign(row.node.dataset, { class: name, probability: String(p), rank: String(rank + 1) });
};

// ---- the chart of every class: one path per series, so a thousand classes cost what ten do ---------------------------------------
const CHART = `<svg viewBox="0 0 1 1" preserveAspectRatio="none" tabindex="0" role="img"><path class="back" d="M0 0H1V1H0Z"/>
<rect class="here" height="1" width="0"/><path class="bars"/><path class="old"/><path class="pins"/></svg>`;
const buildChart = (s) => {
  const chart = { node: make("div", { class: "chart", hidden: true, "data-testid": "distribution" }),
    axis: make("div", { class: "axis", "aria-hidden": "true" }), reading: make("div", { class: "reading", "data-testid": "distribution-value" }), at: null };
  chart.node.innerHTML = CHART; // a constant: no data of anybody's in it
  chart.svg = chart.node.firstElementChild;
  chart.node.append(chart.axis, chart.reading);
  const point = (at, spoken) => { chart.at = at; chart.reading.setAttribute("aria-live", spoken ? "polite" : "off"); readChart(s); };
  chart.svg.onpointermove = chart.svg.onpointerdown = (event) => {
    const box = chart.svg.getBoundingClientRect();
    point(Math.max(0, Math.min(s.names.length - 1, Math.floor(((event.clientX - box.left) / box.width) * s.names.length))));
  };
  chart.svg.onpointerleave = (event) => { if (event.pointerType === "mouse") point(null); };
  chart.svg.onblur = () => point(null);
  chart.svg.onkeydown = (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity, PageUp: -10, PageDown: 10 }[event.key];
    if (!move) return;
    event.preventDefault();
    point(Math.max(0, Math.min(s.names.length - 1, (chart.at ?? (move > 0 ? -1 : 1)) + move)), true);
  };
  return chart;
};
const readChart = (s) => {
  const { chart, last } = s, here = chart.svg.querySelector(".here"), at = chart.at;
  const known = at != null && at < s.names.length;
  here.setAttribute("width", known ? 1 / s.names.length : 0);
  if (known) here.setAttribute("x", at / s.names.length);
  text(chart.reading, known ? `${s.names[at]}: ${s.words?.[at] ?? last.arrays.now[at]}` : `${s.names.length} classes in the network's order`);
};
const paintChart = (s, header, arrays) => {
  const { chart } = s, n = arrays.now.length, gap = n > 200 ? 0 : 0.15;
  hide(chart.node, !s.options.full || !n);
  if (chart.node.hidden) return;
  if (header.words != null) s.words = header.words.split("\n");
  chart.svg.querySelector(".bars").classList.toggle("thin", n > 200); // columns narrower than a pixel otherwise
  const path = (values, draw) => {
    let d = "";
    if (values) for (let i = 0; i < n; i++) d += draw((i + gap / 2) / n, (i + 1 - gap / 2) / n, Math.max(0, 1 - (values[i] || 0)), values[i]);
    return d;
  };
  const box = (a, b, y, v) => (v > 0 ? `M${a.toFixed(4)} 1V${y.toFixed(4)}H${b.toFixed(4)}V1Z` : "");
  chart.svg.querySelector(".bars").setAttribute("d", path(arrays.now, box));
  const wide = n <= 200; // outlines of a thousand columns would hide the columns
  const outline = (a, b, y, v) => (v > 0.002 ? box(a, b, y, v).slice(0, -1) : "");
  const tick = (a, b, y, v) => (v > 0.002 ? `M${a.toFixed(4)} ${y.toFixed(4)}H${b.toFixed(4)}` : "");
  chart.svg.querySelector(".old").setAttribute("d", path(wide && arrays.previous, outline));
  chart.svg.querySelector(".pins").setAttribute("d", path(wide && arrays.pinned, tick));
  chart.svg.setAttribute("aria-label", `Probability of each of ${n} classes in the network's order. Arrow keys read values.`);
  if (chart.axisNames !== header.names) {
    chart.axisNames = header.names;
    chart.axis.replaceChildren(...(n <= MOST_AXIS_LABELS ? s.names.map((name) => make("span", { title: name }, name)) : []));
  }
  readChart(s);
};

// ---- the view -----------------------------------------------------------------------------------------------------------------
const set = (s, change) => {
  s.options = { ...s.options, ...change };
  s.channel.want(s.options, true);
  controls(s);
  if (s.last) paintChart(s, s.last.header, s.last.arrays);
};
const controls = (s) => {
  const classes = Math.max(1, s.classes), k = Math.min(s.options.k, classes);
  if (s.root.getRootNode().activeElement !== s.count) s.count.value = k;
  s.count.max = classes;
  s.fewer.disabled = k <= 1; s.more.disabled = k >= classes;
  s.full.setAttribute("aria-pressed", s.options.full);
};
const build = (root, s) => {
  s.root = root; s.rows = []; s.names = []; s.classes = 0;
  const change = (k) => set(s, { k: Math.max(1, Math.min(s.classes || 1, Math.round(k) || 1)) });
  const current = () => Math.min(s.options.k, s.classes || 1);
  s.message = make("div", { class: "message", hidden: true, "data-testid": "prediction-message" });
  s.list = make("ol", { class: "rows", "aria-label": "Predicted classes, most probable first" });
  const button = (id, label, act) => make("button", { type: "button", "aria-label": label, "data-testid": id, onclick: act });
  s.fewer = button("fewer", "One class fewer", () => change(current() - 1)); s.fewer.append("−");
  s.more = button("more", "One class more", () => change(current() + 1)); s.more.append("+");
  s.count = make("input", { type: "number", min: 1, "aria-label": "Classes listed", "data-testid": "k", onchange: () => change(+s.count.value) });
  s.full = make("button", { type: "button", "data-testid": "full", onclick: () => set(s, { full: !s.options.full }) }, "All classes");
  s.pinName = make("span");
  s.oldKey = make("span", {}, make("i", { class: "ghost" }), "before"); s.pinKey = make("span", {}, make("i", { class: "pin" }), s.pinName);
  s.meaning = make("div", { class: "meaning" });
  s.spoken = make("div", { class: "spoken", "aria-live": "polite", "data-testid": "prediction-summary" });
  s.chart = buildChart(s);
  s.controls = make("div", { class: "controls" }, make("span", { class: "stepper" }, s.fewer, s.count, s.more), s.full,
    make("span", { class: "key" }, s.oldKey, s.pinKey));
  root.replaceChildren(s.message, s.list, s.controls, s.chart.node, s.meaning, s.spoken);
  s.cleanup.push(() => clearTimeout(s.timer));
};

const show = (root, { header, arrays }, component, s) => {
  if (!s.rows) build(root, s);
  s.channel = channel(header.channel, (value, seq) => component.setStateValue("view", { ...value, seq }));
  if (!s.options || !s.channel.busy()) s.options = header.options;
  if (s.nameText !== header.names) {
    s.nameText = header.names; s.names = JSON.parse(header.names); s.words = null;
    s.list.classList.toggle("letters", s.names.every((name) => name.length <= 2));
  }
  s.classes = header.classes; s.last = { header, arrays };
  text(s.message, header.message); hide(s.message, !header.message);
  s.list.classList.toggle("compared", Boolean(arrays.pinned));
  while (s.rows.length < header.rows.length) { const row = buildRow(); s.rows.push(row); s.list.append(row.node); }
  while (s.rows.length > header.rows.length) s.rows.pop().node.remove();
  header.rows.forEach((entry, rank) => fillRow(s, s.rows[rank], rank, entry, header, arrays));
  hide(s.oldKey, !arrays.previous); hide(s.pinKey, !arrays.pinned); text(s.pinName, header.pinned ?? "");
  hide(s.controls, !header.classes);
  text(s.meaning, header.classes ? header.meaning : "");
  controls(s);
  paintChart(s, header, arrays);
  const summary = header.rows.slice(0, 2).map((entry) => `${s.names[entry.class]}, ${entry.words}`).join("; ");
  clearTimeout(s.timer); // spoken once things rest, not ten times a second
  s.timer = setTimeout(() => text(s.spoken, summary), 700);
};
