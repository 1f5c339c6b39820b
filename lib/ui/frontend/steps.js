// The preprocessing steps in order: switch, sliders that act while dragged, a picture before and after each step.
// The values live here while the page is open; the server's are taken when it replaces them (its `revision` changes).
const typed = (parameter, text) => {
  const value = Number(text);
  return Number.isFinite(value) ? Math.min(parameter.high, Math.max(parameter.low, parameter.whole ? Math.round(value) : value)) : parameter.value;
};
const shown = (value) => (typeof value === "number" ? String(+value.toPrecision(4)) : value);

const drawThumb = (canvas, pixels) => {
  if (!pixels || same(canvas.pixels, pixels)) return;
  canvas.pixels = pixels;
  const [height, width, depth = 1] = pixels.shape;
  if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
  const g = canvas.getContext("2d"), image = g.createImageData(width, height), out = new Uint32Array(image.data.buffer);
  for (let i = 0; i < out.length; i++) {
    const r = pixels[i * depth], green = depth === 3 ? pixels[i * 3 + 1] : r, b = depth === 3 ? pixels[i * 3 + 2] : r;
    out[i] = 0xff000000 | (b << 16) | (green << 8) | r;
  }
  g.putImageData(image, 0, 0);
};

const drawCurve = (canvas, counts, { slope, b }) => {
  const state = [...counts, slope, b];
  if (same(canvas.state, state)) return;
  canvas.state = state;
  const g = canvas.getContext("2d"), { width, height } = canvas;
  g.clearRect(0, 0, width, height);
  const most = Math.sqrt(Math.max(1, ...counts)), bar = width / counts.length;
  g.fillStyle = "rgba(127,127,127,.4)"; // the histogram of what goes in, square root so that thin ink shows
  counts.forEach((n, i) => { const h = Math.sqrt(n) / most * (height - 4); g.fillRect(i * bar, height - h, bar - 0.5, h); });
  g.strokeStyle = "rgba(127,127,127,.9)"; g.setLineDash([4, 4]); g.beginPath();
  g.moveTo(slope / b * width, 0); g.lineTo(slope / b * width, height); g.stroke(); g.setLineDash([]);
  g.strokeStyle = "#1f8fc4"; g.lineWidth = 2.5; // seen on white and on black; asking for the theme's colour costs a layout
  g.beginPath();
  for (let i = 0; i <= width; i += 2) {
    const y = height - 2 - (height - 4) / (1 + Math.exp(-slope * (i / width - slope / b)));
    i ? g.lineTo(i, y) : g.moveTo(i, y);
  }
  g.stroke();
};

// ---- one step ------------------------------------------------------------------------------------------------------------
const buildParameter = (s, card, parameter) => {
  const id = `${card.name}-${parameter.name}`;
  const set = (value, final) => { parameter.value = value; update(s, card); report(s, final); };
  const label = make("label", { for: id }, parameter.label, parameter.unit ? make("span", { class: "soft" }, ` ${parameter.unit}`) : null);
  if (parameter.options) {
    const select = make("select", { id, onchange: () => set(select.value, true) },
      ...parameter.options.map((option) => make("option", { value: option }, option)));
    parameter.refresh = () => { select.value = parameter.value; };
    return make("div", { class: "parameter" }, label, select);
  }
  const { low: min, high: max, step } = parameter;
  const slider = make("input", { id, type: "range", min, max, step, "data-testid": `slider-${id}`,
    oninput: () => set(typed(parameter, slider.value), false), onchange: () => set(typed(parameter, slider.value), true) });
  const number = make("input", { type: "number", min, max, step: "any", class: "number", "aria-label": `${card.title}: ${parameter.label}`,
    onchange: () => set(typed(parameter, number.value), true) });
  parameter.refresh = () => { slider.value = parameter.value; number.value = shown(parameter.value); };
  return make("div", { class: "parameter" }, label, slider, number);
};

const buildCard = (s, spec) => {
  const card = { ...spec, parameters: spec.parameters.map((p) => ({ ...p })) };
  card.toggle = make("input", { type: "checkbox", role: "switch", "aria-label": `${card.title} on`, disabled: card.locked,
    onchange: () => { card.on = card.toggle.checked; if (card.on) open(card, true); update(s, card); report(s, true); tell(s); } });
  card.head = make("button", { type: "button", class: "head", "aria-expanded": "false", onclick: () => { open(card, card.body.hidden); paint(s); tell(s); } },
    make("span", { class: "title" }, card.title), (card.summary = make("span", { class: "summary soft" })));
  const thumb = (size) => make("canvas", { class: size, role: "img", "aria-label": `The picture ${size === "small" ? "after" : "around"} ${card.title}` });
  card.thumb = thumb("small"); card.before = thumb("large"); card.after = thumb("large");
  card.range = make("span", { class: "soft number" });
  card.reset = make("button", { type: "button", class: "reset", onclick: () => reset(s, card) }, "Reset");
  card.reset.setAttribute("aria-label", `Reset ${card.title}`);
  card.curve = card.name === "sigmoid" ? make("canvas", { class: "curve", width: 320, height: 96, role: "img",
    "aria-label": "The contrast curve over the histogram of what goes in" }) : null;
  card.midpoint = card.curve ? make("div", { class: "soft number" }) : null;
  card.body = make("div", { class: "body", hidden: true },
    make("p", { class: "soft" }, card.why), card.curve, card.midpoint, ...card.parameters.map((p) => buildParameter(s, card, p)),
    make("div", { class: "pair" }, make("figure", {}, card.before, make("figcaption", {}, "before")),
      make("span", { "aria-hidden": true }, "→"), make("figure", {}, card.after, make("figcaption", {}, "after")),
      make("div", { class: "side" }, card.range, card.reset)));
  card.node = make("li", { class: "card", "data-step": card.name }, make("div", { class: "row" }, card.toggle, card.head, card.thumb), card.body);
  return card;
};
const open = (card, want) => { hide(card.body, !want); card.head.setAttribute("aria-expanded", want); };
const isDefault = (card) => card.on === card.defaultOn && card.parameters.every((p) => p.value === p.default);
const reset = (s, card) => {
  card.on = card.defaultOn;
  for (const p of card.parameters) p.value = p.default;
  update(s, card); report(s, true);
};

const update = (s, card) => {
  card.toggle.checked = card.on;
  card.node.classList.toggle("off", !card.on);
  for (const p of card.parameters) p.refresh();
  text(card.summary, card.on ? card.parameters.slice(0, 2).filter((p) => p.value !== "once").map((p) => shown(p.value)).join(", ") : "off");
  card.reset.disabled = isDefault(card);
  if (card.curve) {
    const values = Object.fromEntries(card.parameters.map((p) => [p.name, p.value]));
    text(card.midpoint, `midpoint s/b = ${shown(values.slope / values.b)} of white (gray level ${shown(255 * values.slope / values.b)})`);
  }
};
const adopt = (s, card, spec) => {
  if (spec.on && !spec.defaultOn) open(card, true); // what a preset or a link switched on is worth a look
  card.on = spec.on;
  card.parameters.forEach((p, i) => { p.value = spec.parameters[i].value; });
  update(s, card);
};

// Which cards are unfolded against what `adopt` unfolds by itself: that is what a link keeps.
const NOTHING_TOLD = '{"open":[],"closed":[]}';
const opensItself = (card) => card.on && !card.defaultOn;
const unfolded = (s) => ({
  open: s.cards.filter((c) => !c.body.hidden && !opensItself(c)).map((c) => c.name).sort(),
  closed: s.cards.filter((c) => c.body.hidden && opensItself(c)).map((c) => c.name).sort(),
});
const tell = (s) => {
  const now = unfolded(s);
  if (JSON.stringify(now) === (s.told ??= NOTHING_TOLD)) return;
  s.told = JSON.stringify(now);
  s.component.setTriggerValue("view", now);
};
const unfold = (s, options) => {
  const told = JSON.stringify({ open: options.open, closed: options.closed });
  if (told === (s.told ??= NOTHING_TOLD)) return;
  s.told = told;
  for (const card of s.cards) open(card, options.open.includes(card.name) || (opensItself(card) && !options.closed.includes(card.name)));
};

const report = (s, final) => s.channel.want({
  final, revision: s.revision,
  steps: Object.fromEntries(s.cards.map((c) => [c.name, { on: c.on, ...Object.fromEntries(c.parameters.map((p) => [p.name, p.value])) }])),
}, final);

// ---- the list --------------------------------------------------------------------------------------------------------------
const buildList = (root, s, header) => {
  const wasOpen = new Set((s.cards ?? []).filter((c) => !c.body.hidden).map((c) => c.name));
  s.cards = header.steps.map((spec) => buildCard(s, spec));
  s.preset = make("select", { "aria-label": "Preset", "data-testid": "preset", onchange: () => {
    if (s.preset.value) s.component.setTriggerValue("preset", s.preset.value);
    s.preset.value = "";
  } }, make("option", { value: "" }, "Presets …"), ...header.presets.map(([name, why]) => make("option", { value: name, title: why }, name)));
  s.resetAll = make("button", { type: "button", onclick: () => s.component.setTriggerValue("preset", header.presets[0][0]) }, "Reset all");
  root.replaceChildren(make("div", { class: "bar" }, s.preset, s.resetAll), make("ol", {}, ...s.cards.map((c) => c.node)));
  for (const card of s.cards) open(card, wasOpen.has(card.name));
};

const paint = (s) => {
  let before = s.arrays.source;
  for (const [i, card] of s.cards.entries()) {
    const after = s.arrays[card.name] ?? before; // a step that changes nothing sends nothing
    if (card.on) drawThumb(card.thumb, after);
    if (!card.body.hidden) {
      drawThumb(card.before, before); drawThumb(card.after, after);
      text(card.range, s.specs[i].range);
      if (card.curve) drawCurve(card.curve, [...(s.arrays.histogram ?? [])], Object.fromEntries(card.parameters.map((p) => [p.name, p.value])));
    }
    before = after;
  }
};

function show(root, { header, arrays }, component, s) {
  Object.assign(s, { component, arrays, specs: header.steps });
  s.channel = channel("steps", (value, seq) => s.component.setTriggerValue("values", { ...value, seq }));
  const shape = JSON.stringify(header.steps.map((step) => [step.name, step.locked, step.defaultOn, step.parameters.map((p) => p.default)]));
  if (s.shape !== shape) { s.shape = shape; s.revision = undefined; buildList(root, s, header); }
  if (s.revision !== header.revision) {
    s.revision = header.revision;
    for (const [i, card] of s.cards.entries()) adopt(s, card, header.steps[i]);
    unfold(s, header.options); // of a link or a bundle; what this visitor did is known here
  }
  s.resetAll.disabled = s.cards.every(isDefault);
  paint(s);
}
