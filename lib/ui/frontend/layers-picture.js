// A canvas of maps: painting levels through a colour table, and reading with pointer or keys; same scope as layers.js.

// ---- a canvas with maps: `order` of maps in `columns`, each pixel one cell --------------------------------------------------
const scratch = new Uint32Array(256);
const paintMaps = (s, picture, data, side, order, columns, seen = true) => {
  const { h, w } = data.entry, gap = order.length > 1 ? (Math.max(h, w) > 40 ? 2 : 1) : 0;
  const width = columns * (w + gap) - gap, height = Math.ceil(order.length / columns) * (h + gap) - gap;
  const geometry = `${order.length} ${h} ${w} ${side.n} ${columns}`;
  if (picture.geometry !== geometry) { // a fresh image is transparent: gaps and the square's padding stay so
    picture.geometry = geometry;
    picture.canvas.width = width; picture.canvas.height = height;
    picture.image = new ImageData(width, height);
    picture.pixels = new Uint32Array(picture.image.data.buffer);
  }
  Object.assign(picture, { order, columns, gap, w, h, n: side.n });
  if (!seen) return; // out of sight only the size matters, so that the page does not jump when it scrolls into view
  const { pixels } = picture, lut = tableOf(s, data), { q, n } = side;
  for (let k = 0; k < order.length; k++) {
    const map = order[k], [from, to] = rangeOf(s, data, map), low = side.low[map], step = (side.high[map] - low) / 254, span = to - from;
    if (span > 0) {
      const a = ((low - from) / span) * 255 + 0.5, b = (step / span) * 255;
      for (let i = 0; i < 255; i++) { const t = a + b * i; scratch[i] = lut[t <= 0 ? 0 : t >= 255 ? 255 : t | 0]; }
    } else scratch.fill(lut[position(low, [from, to], data.entry.side)], 0, 255);
    scratch[255] = BROKEN;
    const left = (k % columns) * (w + gap), top = Math.floor(k / columns) * (h + gap);
    for (let row = 0, i = map * n, cell = 0; row < h && cell < n; row++) {
      let p = (top + row) * width + left;
      for (let x = 0; x < w && cell < n; x++, cell++) pixels[p++] = scratch[q[i++]];
    }
  }
  picture.canvas.getContext("2d").putImageData(picture.image, 0, 0);
};
const resize = (picture, scale) => {
  const width = `${picture.canvas.width * scale}px`, height = `${picture.canvas.height * scale}px`;
  if (picture.canvas.style.width !== width) picture.canvas.style.width = width;
  if (picture.canvas.style.height !== height) picture.canvas.style.height = height;
  picture.canvas.style.imageRendering = scale < 1 ? "auto" : "";
  picture.scale = scale;
};
const cellUnder = (picture, event) => {
  const box = picture.canvas.getBoundingClientRect(), { w, h, gap, columns, order, n } = picture;
  const x = Math.floor(((event.clientX - box.left) / box.width) * picture.canvas.width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * picture.canvas.height);
  const column = Math.floor(x / (w + gap)), row = Math.floor(y / (h + gap)), dx = x - column * (w + gap), dy = y - row * (h + gap);
  const k = row * columns + column, cell = dy * w + dx;
  return x < 0 || y < 0 || column >= columns || k >= order.length || dx >= w || dy >= h || cell >= n ? null : { map: order[k], cell };
};
const step = (picture, at, key, jump) => { // arrow keys: a cell on, over the border into the next map; with Shift a whole map
  const { w, h, columns, order, n } = picture;
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!at) return { map: order[0], cell: 0 };
  let k = order.indexOf(at.map), column = at.cell % w, row = Math.floor(at.cell / w);
  const next = k + dx + dy * columns;
  if (jump) k = next;
  else {
    column += dx; row += dy;
    if (column < 0 || column >= w || row < 0 || row >= h) { k = next; column = (column + w) % w; row = (row + h) % h; }
  }
  const cell = row * w + column;
  return k < 0 || k >= order.length || cell >= n ? at : { map: order[k], cell };
};
const showCursor = (picture, at) => {
  const k = at ? picture.order?.indexOf(at.map) ?? -1 : -1;
  hide(picture.cursor, k < 0);
  if (k < 0) return;
  const { w, h, gap, columns, scale, cursor } = picture, size = Math.max(scale, 5), inset = (size - scale) / 2;
  const x = (k % columns) * (w + gap) + (at.cell % w), y = Math.floor(k / columns) * (h + gap) + Math.floor(at.cell / w);
  cursor.style.cssText = `left:${x * scale - inset}px;top:${y * scale - inset}px;width:${size}px;height:${size}px`;
};

// A canvas with its cursor; `hooks` tell the owner where the reader points and what he opens.
const buildPicture = (hooks) => {
  const canvas = make("canvas", { role: "img", tabindex: "0" }), cursor = make("div", { class: "cursor", hidden: true });
  const picture = { canvas, cursor, box: make("div", { class: "box" }, canvas, cursor), scale: 1 };
  let before = null;
  canvas.onpointerdown = (event) => {
    before = event.pointerType === "mouse" ? null : { at: hooks.at() };
    hooks.point(cellUnder(picture, event));
  };
  canvas.onpointermove = (event) => hooks.point(cellUnder(picture, event));
  canvas.onpointerleave = (event) => { if (event.pointerType === "mouse") hooks.point(null); };
  canvas.onclick = (event) => { // a finger reads first and opens with the second tap on the same map
    const at = cellUnder(picture, event);
    if (at && (!before || before.at?.map === at.map)) hooks.open?.(at);
  };
  canvas.onkeydown = (event) => {
    if (event.key.startsWith("Arrow")) { event.preventDefault(); hooks.point(step(picture, hooks.at(), event.key, event.shiftKey), true); }
    if (event.key === "Enter" && hooks.open) { event.preventDefault(); hooks.open(hooks.at() ?? { map: picture.order[0], cell: 0 }); }
  };
  canvas.onblur = () => hooks.point(null);
  return picture;
};
