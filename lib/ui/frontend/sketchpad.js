// The canvas. It sends strokes, not pixels (the byte format is that of lib/drawing.py), so that a link redraws them exactly.
const UNITS = 1000, TOOLS = ["pen", "brush", "eraser"], FULL = 255, FILE_LIMIT = 20e6, MOST_STROKES = 500, MOST_POINTS = 18000;

// ---- strokes <-> bytes -------------------------------------------------------------------------------------------------
const encode = (strokes, paper) => {
  const size = 4 + strokes.reduce((n, s) => n + 4 + 5 * s.points.length, 0);
  const view = new DataView(new ArrayBuffer(size));
  let at = 4;
  view.setUint8(0, 1); view.setUint8(1, paper === "black" ? 1 : 0); view.setUint16(2, strokes.length, true);
  for (const { tool, size: width, points } of strokes) {
    const pressed = points.some((p) => p[2] !== FULL);
    view.setUint8(at, TOOLS.indexOf(tool) | (pressed ? 128 : 0)); view.setUint8(at + 1, width);
    view.setUint16(at + 2, points.length, true); at += 4;
    for (const axis of [0, 1]) points.forEach((p, i) => { view.setInt16(at, p[axis] - (i ? points[i - 1][axis] : 0), true); at += 2; });
    if (pressed) for (const p of points) view.setUint8(at++, p[2]);
  }
  let text = "";
  for (const byte of new Uint8Array(view.buffer, 0, at)) text += String.fromCharCode(byte);
  return btoa(text);
};
const decode = (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)), view = new DataView(bytes.buffer);
  const strokes = [];
  let at = 4;
  for (let n = view.getUint16(2, true); n > 0; n--) {
    const tool = view.getUint8(at), size = view.getUint8(at + 1), count = view.getUint16(at + 2, true); at += 4;
    const points = Array.from({ length: count }, () => [0, 0, FULL]);
    for (const axis of [0, 1]) { let sum = 0; for (const p of points) { p[axis] = sum += view.getInt16(at, true); at += 2; } }
    if (tool & 128) for (const p of points) p[2] = view.getUint8(at++);
    strokes.push({ tool: TOOLS[tool & 127], size, points });
  }
  return { strokes, paper: view.getUint8(1) ? "black" : "white" };
};

// ---- painting: `ink` holds what is drawn, on opaque paper; the visible canvas shows it with grid, cursor or backdrop ----------
// A brush stamp is the profile of a line blurred by a Gaussian, as lib/drawing.py draws it: opaque, so that the darkest wins.
const erf = (x) => { const t = 1 / (1 + 0.47047 * Math.abs(x)); return Math.sign(x) * (1 - t * (0.3480242 + t * (-0.0958798 + t * 0.7478556)) * Math.exp(-x * x)); };
const stampOf = (s, width) => {
  const key = `${width.toFixed(1)} ${s.paper}`;
  if (s.stamp?.key === key) return s.stamp;
  const half = Math.ceil(0.85 * width), sigma = Math.max(0.4, 0.17 * width) * Math.SQRT2;
  const canvas = make("canvas", { width: 2 * half, height: 2 * half }), g = canvas.getContext("2d");
  const fade = g.createRadialGradient(half, half, 0, half, half, half);
  for (let i = 0; i <= 12; i++) {
    const r = i / 12 * half, cover = i === 12 ? 0 : (erf((0.35 * width - r) / sigma) + erf((0.35 * width + r) / sigma)) / 2;
    const level = Math.round(255 * (s.paper === "white" ? 1 - cover : cover));
    fade.addColorStop(i / 12, `rgb(${level},${level},${level})`);
  }
  g.fillStyle = fade; g.fillRect(0, 0, 2 * half, 2 * half);
  return (s.stamp = { key, canvas, half });
};
const paintPiece = (s, g, { tool, size, points }, from) => {
  const k = s.side / UNITS, full = size * k;
  for (let i = Math.max(1, from); i < Math.max(2, points.length); i++) {
    const [x0, y0] = points[i - 1], [x1, y1, pressure] = points[i] ?? points[i - 1], width = Math.max(1, full * pressure / FULL);
    if (tool === "brush") {
      const { canvas, half } = stampOf(s, width), distance = Math.hypot(x1 - x0, y1 - y0) * k, steps = Math.ceil(distance / Math.max(1, width / 16));
      g.globalCompositeOperation = s.paper === "white" ? "darken" : "lighten";
      for (let j = 0; j <= steps; j++) {
        const t = steps ? j / steps : 0;
        g.drawImage(canvas, (x0 + (x1 - x0) * t) * k - half, (y0 + (y1 - y0) * t) * k - half);
      }
      g.globalCompositeOperation = "source-over";
    } else {
      g.lineCap = g.lineJoin = "round"; g.lineWidth = width;
      g.strokeStyle = (tool === "eraser") === (s.paper === "white") ? "#fff" : "#000";
      g.beginPath(); g.moveTo(x0 * k, y0 * k); g.lineTo(x1 * k + 0.01, y1 * k); g.stroke();
    }
  }
};
const paintInk = (s) => {
  const g = s.done.getContext("2d");
  if (s.painted?.version !== s.version) {
    g.fillStyle = s.paper; g.fillRect(0, 0, s.side, s.side);
    for (const stroke of s.strokes) paintPiece(s, g, stroke, 0);
  } else if (s.current) paintPiece(s, g, s.current, s.painted.points);
  s.painted = { version: s.version, points: s.current?.points.length ?? 0 };
};
const repaint = (s) => { // at most once a frame
  if (!s.frame) s.frame = requestAnimationFrame(() => { s.frame = 0; repaintNow(s); });
};
const repaintNow = (s) => {
  if (!s.side) return; // not laid out yet: the resize observer calls again
  const { canvas, side } = s, g = canvas.getContext("2d");
  paintInk(s);
  if (s.backdrop) {
    const k = side / Math.max(s.backdrop.width, s.backdrop.height), w = s.backdrop.width * k, h = s.backdrop.height * k;
    g.fillStyle = s.paper; g.fillRect(0, 0, side, side);
    g.drawImage(s.backdrop, (side - w) / 2, (side - h) / 2, w, h);
  } else g.drawImage(s.done, 0, 0);
  if (s.gridOn && s.grid > 1) {
    g.strokeStyle = "rgba(128,128,128,.45)"; g.lineWidth = 1; g.beginPath();
    for (let i = 1; i < s.grid; i++) {
      const at = Math.round(i * side / s.grid) + 0.5;
      g.moveTo(at, 0); g.lineTo(at, side); g.moveTo(0, at); g.lineTo(side, at);
    }
    g.stroke();
  }
  if (s.cursor) {
    const [x, y] = s.cursor.map((v) => v * side / UNITS);
    g.strokeStyle = "#e4572e"; g.lineWidth = 2; g.beginPath(); g.arc(x, y, 7, 0, 7); g.stroke();
  }
  const hint = s.backdrop ? "Draw here to begin a letter of your own" : "Draw a letter here, or paste or drop a picture";
  text(s.hint, hint);
  hide(s.hint, !s.backdrop && s.strokes.length > 0);
};
const fit = (s) => {
  const side = Math.max(120, Math.round(s.canvas.clientWidth * (globalThis.devicePixelRatio || 1)));
  if (side === s.side) return;
  s.side = side; s.painted = undefined;
  for (const c of [s.canvas, s.done]) c.width = c.height = side;
  repaintNow(s);
};

// ---- changing the drawing ----------------------------------------------------------------------------------------------
const send = (s, final) => s.channel.want({ strokes: encode(s.strokes, s.paper), final }, final);
const change = (s, strokes, paper = s.paper) => {
  s.undo.push([s.strokes, s.paper]); if (s.undo.length > 200) s.undo.shift();
  s.redo.length = 0;
  s.strokes = strokes; s.paper = paper; s.version++;
};
const travel = (s, from, to) => {
  if (!from.length) return;
  to.push([s.strokes, s.paper]); [s.strokes, s.paper] = from.pop(); s.version++;
  refresh(s); send(s, true);
};
const showBackdrop = (s, url) => {
  if (s.backdropUrl === url) return;
  s.backdropUrl = url; s.backdrop = null;
  if (!url) return repaint(s);
  const image = new Image();
  image.onload = () => { if (s.backdropUrl === url) { s.backdrop = image; repaint(s); } };
  image.src = url;
};
const begin = (s, point) => {
  // The limits of lib/drawing.py: what lies beyond them would not be read.
  if (s.strokes.length >= MOST_STROKES || s.strokes.reduce((n, one) => n + one.points.length, 0) >= MOST_POINTS) {
    s.status.textContent = "The drawing is full: undo or clear something to draw on.";
    return;
  }
  s.status.textContent = "";
  if (s.backdropUrl) { showBackdrop(s, undefined); s.strokes = []; } // a new letter, not one over another picture
  s.current = { tool: s.tool, size: s.width, points: [point] };
  change(s, [...s.strokes, s.current]);
  refresh(s);
};
const extend = (s, [x, y, p], force = false) => {
  const [lastX, lastY] = s.current.points.at(-1);
  if (force || Math.hypot(x - lastX, y - lastY) >= 4) s.current.points.push([x, y, p]);
};
const finish = (s) => { if (!s.current) return; s.current = null; refresh(s); send(s, true); };
const refresh = (s) => {
  repaint(s);
  for (const [tool, button] of Object.entries(s.toolButtons)) button.setAttribute("aria-pressed", tool === s.tool);
  s.undoButton.disabled = !s.undo.length; s.redoButton.disabled = !s.redo.length;
  s.clearButton.disabled = !s.strokes.length;
  s.paperButton.setAttribute("aria-pressed", s.paper === "black");
  s.gridButton.setAttribute("aria-pressed", s.gridOn);
};
const tell = (s) => s.component.setTriggerValue("view", { tool: s.tool, width: s.width, grid: s.gridOn }); // for the link
const adopt = (s, { tool, width, grid }) => { s.tool = tool; s.width = s.size.value = width; s.gridOn = grid; };

const sendFile = async (s, file) => {
  if (!file) return;
  if (file.size > FILE_LIMIT) { s.status.textContent = `${file.name} has ${(file.size / 1e6).toFixed(0)} MB; at most 20 MB can be read.`; return; }
  s.status.textContent = `Reading ${file.name} …`;
  const url = await new Promise((resolve) => { const r = new FileReader(); r.onload = () => resolve(r.result); r.readAsDataURL(file); });
  s.status.textContent = "";
  s.component.setTriggerValue("file", { name: file.name || "pasted.png", data: url.slice(url.indexOf(",") + 1) });
};

const build = (root, s) => {
  Object.assign(s, { strokes: [], paper: "white", undo: [], redo: [], version: 0, tool: "brush", width: 90, current: null,
    side: 0, gridOn: false });
  const button = (text, label, onclick) => make("button", { type: "button", "aria-label": label, title: label, onclick }, text);
  s.toolButtons = Object.fromEntries([["brush", "Brush", "Soft brush"], ["pen", "Pen", "Hard pen"], ["eraser", "Eraser", "Eraser"]]
    .map(([tool, text, label]) => [tool, button(text, label, () => { s.tool = tool; refresh(s); tell(s); })]));
  s.size = make("input", { type: "range", min: 15, max: 220, value: s.width, "aria-label": "Width of the line",
    oninput: () => { s.width = +s.size.value; }, onchange: () => tell(s) });
  s.undoButton = button("↶", "Undo", () => travel(s, s.undo, s.redo));
  s.redoButton = button("↷", "Redo", () => travel(s, s.redo, s.undo));
  s.clearButton = button("Clear", "Clear the canvas", () => { change(s, []); refresh(s); send(s, true); });
  s.paperButton = button("Black paper", "White ink on black paper", () => { change(s, s.strokes, s.paper === "white" ? "black" : "white"); refresh(s); send(s, true); });
  s.gridButton = button("Grid", "Show the network's own resolution", () => { s.gridOn = !s.gridOn; refresh(s); tell(s); });
  s.canvas = make("canvas", { tabindex: 0, role: "img", "data-testid": "sketchpad",
    "aria-label": "Canvas. Draw with the pointer, or with the arrow keys while Space is held down." });
  s.done = make("canvas");
  s.hint = make("div", { class: "hint" });
  s.status = make("div", { class: "soft", role: "status" });
  root.append(
    make("div", { class: "bar", role: "toolbar", "aria-label": "Drawing tools" }, ...Object.values(s.toolButtons),
      make("label", { class: "width" }, "Width", s.size)),
    make("div", { class: "paper" }, s.canvas, s.hint),
    make("div", { class: "bar" }, s.undoButton, s.redoButton, s.clearButton, s.paperButton, s.gridButton), s.status);
  listen(s);
  const sizes = new ResizeObserver(() => fit(s));
  sizes.observe(s.canvas);
  s.cleanup.push(() => sizes.disconnect());
};

const listen = (s) => {
  const at = (e) => {
    const box = s.canvas.getBoundingClientRect(), clamp = (v) => Math.round(Math.min(UNITS, Math.max(0, v)));
    // Sixteen levels of stylus pressure: more would only make links longer.
    const pressure = e.pointerType === "pen" && e.pressure ? Math.round(4 + 11 * e.pressure) * 17 : FULL;
    return [clamp((e.clientX - box.left) * UNITS / box.width), clamp((e.clientY - box.top) * UNITS / box.height), pressure];
  };
  s.canvas.onpointerdown = (e) => {
    if (e.button || s.current) return;
    s.canvas.setPointerCapture(e.pointerId); s.pointer = e.pointerId; s.cursor = null;
    begin(s, at(e)); send(s, false);
  };
  s.canvas.onpointermove = (e) => {
    if (!s.current || e.pointerId !== s.pointer) return;
    const events = e.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [e]) extend(s, at(one));
    repaint(s); send(s, false);
  };
  s.canvas.onpointerup = s.canvas.onpointercancel = (e) => {
    if (!s.current || e.pointerId !== s.pointer) return;
    if (e.type === "pointerup") extend(s, at(e), true);
    finish(s);
  };
  s.canvas.onkeydown = (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "z") { e.preventDefault(); return e.shiftKey ? travel(s, s.redo, s.undo) : travel(s, s.undo, s.redo); }
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "y") { e.preventDefault(); return travel(s, s.redo, s.undo); }
    const step = { ArrowLeft: [-20, 0], ArrowRight: [20, 0], ArrowUp: [0, -20], ArrowDown: [0, 20] }[e.key];
    if (!step && e.key !== " ") return;
    e.preventDefault();
    s.cursor ??= [UNITS / 2, UNITS / 2];
    if (e.key === " " && !s.current) { begin(s, [...s.cursor, FULL]); send(s, false); }
    if (step) {
      s.cursor = s.cursor.map((v, i) => Math.min(UNITS, Math.max(0, v + step[i])));
      if (s.current) { extend(s, [...s.cursor, FULL], true); send(s, false); }
    }
    repaint(s);
  };
  s.canvas.onkeyup = (e) => { if (e.key === " ") finish(s); };
  s.canvas.onblur = () => { s.cursor = null; finish(s); repaint(s); };
  s.canvas.ondragover = (e) => e.preventDefault();
  s.canvas.ondrop = (e) => { e.preventDefault(); sendFile(s, e.dataTransfer.files[0]); };
  const paste = (e) => {
    const file = [...(e.clipboardData?.files ?? [])].find((f) => f.type.startsWith("image/"));
    if (file) { e.preventDefault(); sendFile(s, file); }
  };
  document.addEventListener("paste", paste);
  s.cleanup.push(() => document.removeEventListener("paste", paste));
};

function show(root, { header }, component, s) {
  if (!s.canvas) build(root, s);
  s.component = component;
  s.channel ??= channel("sketchpad", (value, seq) => s.component.setTriggerValue("drawing", { ...value, seq }), { keep: true });
  if (s.grid !== header.grid) { s.grid = header.grid; repaint(s); }
  // The server's drawing is taken when it is another one than ours: at first, from a link, after a page switch. What it has
  // not heard of yet is newer: a stroke that was drawn while there was no connection.
  if (s.revision !== header.revision && !s.current) {
    s.revision = header.revision;
    const unheard = s.channel.unheard();
    if (unheard) ({ strokes: s.strokes, paper: s.paper } = decode(unheard.strokes));
    else if (header.strokes) ({ strokes: s.strokes, paper: s.paper } = decode(header.strokes));
    s.undo = s.strokes.map((_, i) => [s.strokes.slice(0, i), s.paper]); s.redo = []; // stroke by stroke, as it was drawn
    s.version++;
    adopt(s, header.options);
    refresh(s);
  }
  // While a stroke is on its way the server may still speak of the picture before it.
  if (!s.current && !s.channel.busy()) showBackdrop(s, header.backdrop);
}
