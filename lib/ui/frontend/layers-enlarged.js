// One map enlarged, in a panel of its own that keeps updating; same scope as layers.js.

const buildBig = (s, root) => {
  const big = { at: null, pictures: [], sides: make("div", { class: "sides" }), title: make("b"), about: make("span", { class: "soft number" }),
    reading: make("div", { class: "reading live", "aria-live": "polite" }),
    low: make("span"), high: make("span"), ramp: make("div", { class: "ramp" }) };
  big.close = make("button", { class: "close", "aria-label": "Close", onclick: () => shut(s) }, "✕");
  const attributes = { class: "big", role: "dialog", "aria-label": "Enlarged map", popover: "manual", hidden: true, "data-testid": "layer-enlarged" };
  big.node = make("div", attributes, make("div", { class: "head" }, big.title, big.about), big.sides, big.reading,
    make("div", { class: "legend" }, big.low, big.ramp, big.high), big.close);
  root.append(big.node);
  const escape = (event) => { if (event.key === "Escape" && s.open) { event.stopPropagation(); shut(s); } };
  document.addEventListener("keydown", escape);
  s.cleanup.push(() => document.removeEventListener("keydown", escape));
  return big;
};
const enlarge = (s, panel, map) => {
  s.open = { panel, channel: channelOf(panel.data, map), from: panel.pictures[0]?.canvas };
  s.big.at = null;
  hide(s.big.node, false);
  if (!s.big.node.matches(":popover-open")) s.big.node.showPopover?.();
  paintBig(s);
  s.big.close.focus({ preventScroll: true });
};
const shut = (s) => {
  s.big.node.hidePopover?.();
  hide(s.big.node, true);
  s.open.from?.focus({ preventScroll: true });
  s.open = null;
};
const paintBig = (s) => {
  const { big, open } = s;
  if (!open) return;
  const { data } = open.panel, map = data.entry.channels ? data.entry.channels.indexOf(open.channel) : open.channel;
  if (!open.panel.node.isConnected || map < 0 || map >= data.sides[0].count) {
    big.reading.textContent = "This map is not shown at the moment.";
    return;
  }
  if (open.panel.stale) { open.panel.seen = true; paintPanel(s, open.panel); }
  if (big.pictures.length !== data.sides.length) {
    const read = () => {
      for (const picture of big.pictures) showCursor(picture, big.at);
      const now = s.open.panel.data, [low, high] = [now.sides[0].low[big.map], now.sides[0].high[big.map]];
      big.reading.textContent = big.at ? describe(now, big.at.map, big.at.cell)
        : now.entry.side === "difference" ? `now − ${now.pinned}: within ±${number(high)}` : `now ${number(low)} to ${number(high)}`;
    };
    big.read = read;
    big.pictures = data.sides.map(() => buildPicture({ at: () => big.at, point: (at) => { big.at = at; read(); } }));
    big.sides.replaceChildren(...big.pictures.map((picture, i) =>
      make("div", { class: "side" }, data.sides.length > 1 ? make("small", {}, i ? data.pinned : "now") : null, picture.box)));
  }
  big.map = map;
  big.title.textContent = `${data.entry.name} · ${mapName(data, map)}`;
  big.about.textContent = `${data.entry.h} × ${data.entry.w}`;
  const room = Math.min(380, innerWidth - 64), height = Math.max(80, (innerHeight - 200) / data.sides.length);
  const raw = Math.min(room / data.entry.w, height / data.entry.h), scale = raw > 2 ? Math.floor(raw) : raw;
  big.pictures.forEach((picture, i) => {
    paintMaps(s, picture, data, data.sides[i], [map], 1);
    resize(picture, scale);
    picture.canvas.setAttribute("aria-label", `${big.title.textContent}${i ? `, ${data.pinned}` : ""}. Arrow keys read values, Escape closes.`);
  });
  const [from, to] = rangeOf(s, data, map);
  big.low.textContent = number(from); big.high.textContent = number(to);
  big.ramp.style.background = tableOf(s, data).ramp;
  if (big.at && big.at.map !== map) big.at = null;
  big.read();
};
