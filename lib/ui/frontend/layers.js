// Every layer's activation, repainted in place: squares of units, mosaics of channels, labelled classes.
// Numbers arrive as eight-bit levels with a range per map, so palettes, scales and sorting need no round trip.

// ---- one layer's data ------------------------------------------------------------------------------------------------------
const sideOf = (arrays, at, levels, ranges) => {
  const q = arrays[`${levels}${at}`], range = arrays[`${ranges}${at}`], count = q.shape[0], n = q.shape[1];
  return { q, count, n, low: range.subarray(0, count), high: range.subarray(count), strength: arrays[`m${at}`] };
};
const extent = (side) => {
  let low = Infinity, high = -Infinity;
  for (let c = 0; c < side.count; c++) { if (side.low[c] < low) low = side.low[c]; if (side.high[c] > high) high = side.high[c]; }
  return [low, high];
};
const symmetric = ([low, high]) => { const bound = Math.max(-low, high); return [-bound, bound]; };
const valueAt = (side, exact, map, cell) => {
  const i = map * side.n + cell, q = side.q[i];
  if (exact) return number(exact[i]);
  return q === 255 ? "not finite" : `≈ ${number(side.low[map] + (q / 254) * (side.high[map] - side.low[map]))}`;
};

const channelOf = (data, map) => (data.entry.channels ? data.entry.channels[map] : map);
const unitName = (data, cell) => (data.labels ? `class ${data.labels[cell]}` : `unit ${cell}`);
const mapName = (data, map) =>
  ({ channels: `channel ${channelOf(data, map)}`, units: "all units", sequence: "sequence" })[data.entry.form];
const strongest = (data) => (data.entry.form === "channels" ? `channel ${data.entry.top}` : place(data, 0, data.entry.top));
const place = (data, map, cell) => {
  const row = Math.floor(cell / data.entry.w), column = cell % data.entry.w;
  if (data.labels) return unitName(data, cell);
  if (data.entry.form === "units") return `unit ${cell} (row ${row}, column ${column})`;
  if (data.entry.form === "sequence") return `step ${row}, feature ${column}`;
  return `channel ${channelOf(data, map)}, row ${row}, column ${column}`;
};
const describe = (data, map, cell) => {
  const values = data.sides.map((side, i) => valueAt(side, i ? null : data.exact, map, cell));
  const text = { now: values[0], beside: `now ${values[0]}, ${data.pinned} ${values[1]}`, difference: `now − ${data.pinned}: ${values[0]}` };
  return `${data.entry.name} · ${place(data, map, cell)} · ${text[data.entry.side]}`;
};

// The colour range of one map under the chosen scale.
const rangeOf = (s, data, map) => {
  if (s.options.scale !== "map") return data.range;
  let low = Infinity, high = -Infinity;
  for (const side of data.sides) { low = Math.min(low, side.low[map]); high = Math.max(high, side.high[map]); }
  return data.entry.side === "difference" ? symmetric([low, high]) : [low, high];
};
const tableOf = (s, data) => colours(data.entry.side === "difference" ? "difference" : s.options.palette);

// ---- panels ------------------------------------------------------------------------------------------------------------------
const usualScale = ({ h, w, form }) => {
  const side = Math.max(h, w, 1);
  if (form === "units") return Math.max(1, Math.min(24, Math.floor(180 / side)));
  if (form === "sequence") return Math.max(1, Math.min(8, Math.floor(320 / side)));
  return side > 160 ? 0.5 : Math.max(1, Math.min(8, Math.round(side <= 8 ? 44 / side : 56 / side)));
};

const buildPanel = (s, name) => {
  const panel = { name, at: null, seen: false, pictures: [], widths: 0, labels: [] };
  panel.title = make("b"); panel.shape = make("span", { class: "soft number" });
  panel.facts = make("div", { class: "facts", "data-testid": "layer-statistics" }); panel.note = make("div", { class: "note", hidden: true });
  panel.sides = make("div", { class: "sides" });
  panel.low = make("span"); panel.high = make("span"); panel.ramp = make("div", { class: "ramp" });
  panel.reading = make("div", { class: "reading", "data-testid": "layer-reading" });
  const legend = make("div", { class: "legend", "data-testid": "layer-legend" }, panel.low, panel.ramp, panel.high);
  panel.node = make("section", { class: "panel", "data-testid": "layer", "data-layer": name },
    make("div", { class: "head" }, panel.title, panel.shape), panel.facts, panel.note, panel.sides,
    make("div", { class: "foot" }, panel.reading, legend));
  panel.node.misreadPanel = panel;
  s.seen.observe(panel.node); s.sizes.observe(panel.sides);
  return panel;
};
const point = (s, panel, at, spoken = false) => {
  panel.at = at;
  panel.reading.setAttribute("aria-live", spoken ? "polite" : "off");
  readPanel(s, panel);
};
const readPanel = (s, panel) => {
  const { data, at } = panel;
  panel.reading.classList.toggle("live", Boolean(at));
  for (const picture of panel.pictures) showCursor(picture, at);
  for (const { cells } of panel.grids ?? []) cells.forEach((cell, i) => cell.classList.toggle("here", at?.cell === i));
  const known = at && at.map < data.sides[0].count && at.cell < data.sides[0].n;
  text(panel.reading, known ? describe(data, at.map, at.cell) : data.sides[0].n ? `strongest: ${strongest(data)}` : "");
};

const orderOf = (s, panel) => {
  const { count, strength } = panel.data.sides[0];
  const key = `${s.options.sort} ${count}`;
  if (panel.orderKey !== key || s.resort) {
    panel.orderKey = key;
    panel.order = Array.from({ length: count }, (_, i) => i);
    if (s.options.sort === "activity") panel.order.sort((a, b) => strength[b] - strength[a]);
  }
  return panel.order;
};

const buildCells = (s, panel) => { // the output layer: one labelled cell per class, a second set for the pinned input
  const { data } = panel, { labels } = data;
  panel.grids = data.sides.map((side, which) => {
    const cells = labels.map((label, i) => {
      const here = () => point(s, panel, { map: 0, cell: i });
      const leave = (event) => { if (event.pointerType === "mouse") point(s, panel, null); };
      return make("span", { title: label, onpointerenter: here, onpointerdown: here, onpointerleave: leave,
        "data-testid": "class-cell", "data-class": label, "data-side": which ? "pinned" : "now" }, label);
    });
    const grid = make("div", { class: "labels", role: "group", tabindex: "0", onblur: () => point(s, panel, null) }, ...cells);
    grid.onkeydown = (event) => {
      const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!move) return;
      event.preventDefault();
      point(s, panel, { map: 0, cell: panel.at ? (panel.at.cell + move + labels.length) % labels.length : 0 }, true);
    };
    grid.classList.toggle("wide", labels.some((label) => label.length > 3));
    return { grid, cells };
  });
  panel.pictures = [];
  panel.sides.replaceChildren(...panel.grids.map(({ grid }, which) =>
    make("div", { class: "side" }, data.sides.length > 1 ? make("small", {}, which ? data.pinned : "now") : null, grid)));
};
const paintCells = (s, panel) => {
  const { data } = panel, { entry, labels } = data, lut = tableOf(s, data), range = rangeOf(s, data, 0);
  const layout = `cells ${data.sides.length} ${entry.labels}`;
  if (panel.layout !== layout) { panel.layout = layout; buildCells(s, panel); }
  data.sides.forEach((side, which) => {
    const { grid, cells } = panel.grids[which];
    const name = `${entry.name}${which ? `, ${data.pinned}` : ""}`;
    grid.setAttribute("aria-label", `${name}: ${labels.length} classes, strongest ${strongest(data)}. Arrow keys read values.`);
    cells.forEach((cell, i) => {
      const broken = side.q[i] === 255, value = side.low[0] + (side.q[i] / 254) * (side.high[0] - side.low[0]);
      const at = position(value, range, entry.side), colour = broken ? BROKEN : lut[at];
      cell.style.background = broken ? "#f0f" : lut.css(at);
      cell.style.color = 0.299 * (colour & 255) + 0.587 * ((colour >> 8) & 255) + 0.114 * ((colour >> 16) & 255) > 140 ? "#000" : "#fff";
      cell.classList.toggle("top", i === entry.top && !which && entry.side !== "difference");
    });
  });
};

const paintPictures = (s, panel) => {
  const { data } = panel, { entry } = data, layout = `${entry.side} ${entry.form}`;
  if (panel.layout !== layout) {
    panel.layout = layout; panel.grids = null;
    panel.pictures = data.sides.map(() => buildPicture({
      at: () => panel.at, point: (at, spoken) => point(s, panel, at, spoken), open: (at) => enlarge(s, panel, at.map),
    }));
    panel.sides.replaceChildren(...panel.pictures.map((picture, i) =>
      make("div", { class: "side" }, data.sides.length > 1 ? make("small", {}, i ? data.pinned : "now") : null, picture.box)));
  }
  const order = orderOf(s, panel), wanted = usualScale(entry);
  const available = Math.max(40, (panel.width || 300) / data.sides.length - (data.sides.length > 1 ? 8 : 0) - 8);
  const pad = Math.max(entry.h, entry.w) > 40 ? 2 : 1;
  const fit = (scale) => Math.max(1, Math.min(order.length, Math.floor((available / scale + pad) / (entry.w + pad))));
  let scale = Math.min(wanted, available / entry.w);
  if (scale > 2) scale = Math.floor(scale);
  const columns = fit(scale), rows = Math.ceil(order.length / columns);
  // Fill the width: larger pixels as long as the rows stay as many (and no map fills the screen).
  while (entry.form === "channels" && scale >= 1 && scale < 2 * wanted && Math.ceil(order.length / fit(scale + 1)) <= rows
    && (scale + 1) * entry.w <= Math.min(available, 112)) scale += 1;
  const across = fit(scale);
  panel.pictures.forEach((picture, i) => {
    paintMaps(s, picture, data, data.sides[i], order, across, panel.seen);
    resize(picture, scale);
    const label = `${entry.name}${i ? `, ${data.pinned}` : ""}: strongest ${strongest(data)}. Arrow keys read values, Enter enlarges.`;
    if (picture.label !== label) picture.canvas.setAttribute("aria-label", (picture.label = label));
  });
};

const paintPanel = (s, panel) => {
  if (!panel.data) return;
  const { data } = panel, { entry } = data;
  if (!data.sides[0].n) return; // an empty activation has no picture
  let range = data.sides.map(extent).reduce(([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)]);
  if (entry.side === "difference") range = symmetric(range);
  const current = range;
  if (s.options.scale === "locked") {
    const key = `${entry.side === "difference"} ${entry.shape}`;
    if (panel.lockKey !== key) { panel.lockKey = key; panel.lock = (entry.side !== "difference" && s.options.locked?.[entry.name]) || range; }
    range = panel.lock;
  } else panel.lockKey = null;
  data.range = range;
  panel.stale = !panel.seen; // locking concerns every layer, painting only what is on the screen
  if (entry.cells) paintCells(s, panel); else paintPictures(s, panel);
  if (panel.stale) return;
  const each = s.options.scale === "map" && data.sides[0].count > 1;
  const low = (current[0] < range[0] ? "≤ " : "") + number(range[0]), high = (current[1] > range[1] ? "≥ " : "") + number(range[1]);
  text(panel.low, each ? (entry.side === "difference" ? "each map's −max" : "each map's min") : low);
  text(panel.high, each ? "max" : high + (s.options.scale === "locked" ? " (locked)" : ""));
  panel.ramp.style.background = tableOf(s, data).ramp;
  readPanel(s, panel);
};

const updatePanel = (s, panel, entry, arrays, pinned) => {
  const sides = [sideOf(arrays, entry.at, "q", "r")];
  if (entry.side === "beside") sides.push(sideOf(arrays, entry.at, "p", "s"));
  const labels = entry.labels ? (panel.data?.entry.labels === entry.labels ? panel.data.labels : JSON.parse(entry.labels)) : null;
  panel.data = { entry, sides, labels, pinned, exact: arrays[`x${entry.at}`] };
  panel.node.className = `panel ${entry.form} ${entry.side} ${entry.cells ? "cells" : ""}`;
  text(panel.title, entry.name);
  text(panel.shape, `${entry.kind} · ${entry.shape}`);
  text(panel.facts, entry.statistics);
  text(panel.note, entry.note); hide(panel.note, !entry.note);
};

// ---- the bar -----------------------------------------------------------------------------------------------------------------
const SCALES = [["layer", "per layer"], ["map", "per map"], ["locked", "locked"]];
const SORTS = [["channel", "by number"], ["activity", "by activity"]];
const group = (s, name, label, choices) => {
  const buttons = choices.map(([value, text]) =>
    make("button", { type: "button", "data-testid": `${name}-${value}`, onclick: () => set(s, { [name]: value }) }, text));
  s.refresh.push(() => buttons.forEach((button, i) => button.setAttribute("aria-pressed", s.options[name] === choices[i][0])));
  return make("div", { class: "group", role: "group", "aria-label": label }, make("span", {}, label), make("span", {}, ...buttons));
};
// The ranges at the moment of locking, short enough for a link.
const lockedRanges = (s) => Object.fromEntries([...s.panels.values()].filter((panel) => panel.data?.range && panel.data.entry.side !== "difference")
  .map((panel) => [panel.data.entry.name, panel.data.range.map((v) => +v.toPrecision(4))]));
const set = (s, change) => {
  if (change.scale) change = { ...change, locked: change.scale === "locked" ? lockedRanges(s) : {} };
  s.options = { ...s.options, ...change };
  s.channel.want(s.options, true);
  refresh(s);
};
const refresh = (s) => {
  for (const one of s.refresh) one();
  for (const panel of s.panels.values()) if (panel.node.isConnected) paintPanel(s, panel);
  paintBig(s);
};
const hides = (s, entry) => s.options.hidden.includes(entry.name) || (!entry.usual && !s.options.shown.includes(entry.name));
const toggle = (s, entry) => {
  const hide = !hides(s, entry), without = (list) => list.filter((name) => name !== entry.name);
  const hidden = without(s.options.hidden), shown = without(s.options.shown);
  if (hide && entry.usual) hidden.push(entry.name);
  if (!hide && !entry.usual) shown.push(entry.name);
  set(s, { hidden, shown });
  arrange(s);
};
const MOST_CHIPS = 40; // of more layers only those that are shown have a chip, until all are asked for
const chips = (s, layers) => {
  const key = layers.map((entry) => entry.name).join("\n");
  if (s.chipKey !== key) {
    s.chipKey = key;
    s.allChips = layers.length <= MOST_CHIPS;
    s.chipNodes = layers.map((entry) => make("button", { type: "button", title: `${entry.name} (${entry.kind}): show or hide`,
      "data-testid": "layer-chip", "data-layer": entry.name, onclick: () => toggle(s, entry) }, entry.name));
    s.moreChips = make("button", { type: "button", class: "more", "data-testid": "all-layers", hidden: layers.length <= MOST_CHIPS,
      onclick: () => { s.allChips = !s.allChips; chips(s, s.layers); } });
    s.chips.replaceChildren(...s.chipNodes, s.moreChips);
  }
  let shown = 0;
  layers.forEach((entry, i) => {
    const show = !hides(s, entry);
    shown += show;
    s.chipNodes[i].setAttribute("aria-pressed", show);
    hide(s.chipNodes[i], !show && !s.allChips);
  });
  s.moreChips.setAttribute("aria-expanded", s.allChips);
  text(s.moreChips, s.allChips ? "fewer" : `${layers.length - shown} more layers …`);
  s.chips.classList.toggle("many", layers.length > MOST_CHIPS && s.allChips);
};
const arrange = (s) => { // panels in network order, moved only when they must
  chips(s, s.layers);
  const wanted = s.layers.filter((entry) => entry.at !== undefined && !hides(s, entry)).map((entry) => s.panels.get(entry.name).node);
  if (wanted.length !== s.list.children.length || wanted.some((node, i) => s.list.children[i] !== node)) s.list.replaceChildren(...wanted);
};

const build = (root, s) => {
  s.panels = new Map(); s.refresh = []; s.layers = [];
  s.seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const panel = target.misreadPanel;
      panel.seen = isIntersecting;
      if (isIntersecting && panel.stale) paintPanel(s, panel);
    }
  }, { rootMargin: "150px" });
  s.sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const panel = target.parentElement?.misreadPanel, width = Math.floor(contentRect.width);
      if (!panel || !width || panel.width === width) continue;
      panel.width = width;
      paintPanel(s, panel);
    }
  });
  s.cleanup.push(() => { s.seen.disconnect(); s.sizes.disconnect(); clearTimeout(s.settled); });
  const palette = make("select", { "data-testid": "palette", onchange: () => set(s, { palette: palette.value }) },
    ...["viridis", "cividis", "gray"].map((name) => make("option", { value: name }, name)));
  s.refresh.push(() => { palette.value = s.options.palette; });
  s.chips = make("div", { class: "chips", role: "group", "aria-label": "Layers shown" });
  s.list = make("div", { class: "panels" });
  s.empty = make("div", { class: "empty", role: "status", "data-testid": "layers-empty" });
  s.compare = make("span", { hidden: true });
  s.bar = make("div", { class: "bar" }, s.compare, make("label", {}, "Colours", palette),
    group(s, "scale", "Scale", SCALES), (s.sort = group(s, "sort", "Channels", SORTS)));
  root.replaceChildren(s.chips, s.bar, s.list, s.empty);
  s.big = buildBig(s, root);
};

const show = (root, { header, arrays }, component, s) => {
  if (!s.panels) build(root, s);
  s.channel = channel(header.channel, (value, seq) => component.setStateValue("view", { ...value, seq }));
  if (!s.options || !s.channel.busy()) s.options = header.options; // while a change of ours is on its way, ours is newer
  hide(s.compare, header.pinned == null);
  if (header.pinned != null && s.pinned !== header.pinned) {
    s.pinned = header.pinned;
    const choices = [["now", "now"], ["beside", `${s.pinned} beside now`], ["difference", "difference"]];
    s.compare.replaceChildren(group(s, "compare", "Compare", choices));
  }
  s.layers = header.layers;
  const none = s.layers.length === 0;
  hide(s.empty, !none); text(s.empty, header.empty);
  hide(s.bar, none); hide(s.chips, none);
  hide(s.sort, !s.layers.some((entry) => entry.form === "channels"));
  for (const entry of s.layers) {
    if (entry.at === undefined) continue;
    if (!s.panels.has(entry.name)) s.panels.set(entry.name, buildPanel(s, entry.name));
    updatePanel(s, s.panels.get(entry.name), entry, arrays, header.pinned);
  }
  arrange(s);
  refresh(s);
  clearTimeout(s.settled); // maps do not jump about while somebody draws: sorting follows when the picture rests
  if (s.options.sort === "activity") s.settled = setTimeout(() => { s.resort = true; refresh(s); s.resort = false; }, 400);
};
