// The first layer's filters: a wall of small pictures with their units' numbers, and what their colours mean.
function show(root, { header, arrays }, component, s) {
  const [count, height, width] = arrays.pictures.shape, size = height * width * 3;
  const side = Math.max(width, height) >= 16 ? "large" : "small";
  const tiles = header.units.map((unit, i) => {
    const canvas = make("canvas", { width, height, "aria-hidden": true });
    const g = canvas.getContext("2d"), image = g.createImageData(width, height);
    for (let p = 0; p < width * height; p++) {
      const at = i * size + 3 * p;
      image.data.set([arrays.pictures[at], arrays.pictures[at + 1], arrays.pictures[at + 2], 255], 4 * p);
    }
    g.putImageData(image, 0, 0);
    const title = `${header.word} ${unit}: largest weight ±${short(header.sizes[i])}`;
    return make("figure", { title, "data-unit": unit }, canvas, make("figcaption", {}, String(unit)));
  });
  root.replaceChildren(key(header, arrays), make("div", { class: `wall ${side}`, "data-testid": "filters", role: "img",
    "aria-label": `${count} pictures of the first layer's weights` }, ...tiles));
}

const short = (x) => (x === 0 ? "0" : Math.abs(x) < 1e-3 ? x.toExponential(1) : x.toPrecision(2));

function key({ bound, colour, word }, arrays) {
  const range = bound == null ? ["lowest", "highest"] : [`−${short(bound)}`, short(bound)];
  const ramp = make("i", { class: "ramp" });
  if (colour) ramp.style.background = "linear-gradient(90deg, #000, #808080, #fff)";
  else {
    const stops = Array.from({ length: arrays.ramp.shape[0] }, (_, i) => `rgb(${arrays.ramp.slice(3 * i, 3 * i + 3).join(" ")})`);
    ramp.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  }
  const said = bound == null ? `each ${word} fills the colours on its own; 0 is in the middle` : "0 is in the middle";
  return make("div", { class: "key" }, make("span", {}, range[0]), ramp, make("span", {}, range[1]),
    make("span", { class: "said" }, said));
}
