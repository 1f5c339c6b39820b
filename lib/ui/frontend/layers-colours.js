// Colours and numbers of the layer view; comes before layers.js in the same scope.

// ---- colours: 33 samples of each table, interpolated; all readable with colour-blind eyes -----------------------------------
const PALETTES = {
  viridis: "440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c1f978b1f9f88" +
    "21a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32c0df25d5e21aeae51afde725",
  cividis: "00224e00285b002e6a0533711a386f273e6e32436d3b496c434e6c4b546c535a6d5a5f6e61656f686a716f70737676767d7c788381798b8778" +
    "928d789a9376a29975aaa073b3a670bbad6dc3b369ccba64d4c15fddc858e6d051efd748f8df3cfee838",
  gray: "000000ffffff",
  difference: "053061215d9f4695c693c5deddeaf2ffffffffe4cef4a683d6604db2182b67001f",
};
const BROKEN = 0xffff00ff; // magenta: NaN or infinite
const tables = new Map();
const colours = (name) => {
  if (tables.has(name)) return tables.get(name);
  const stops = PALETTES[name].match(/../g).map((hex) => parseInt(hex, 16)), last = stops.length / 3 - 1;
  const table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * last, k = Math.min(last - 1, Math.floor(at)), f = at - k;
    const c = [0, 1, 2].map((j) => Math.round(stops[3 * k + j] * (1 - f) + stops[3 * k + 3 + j] * f));
    table[i] = (0xff000000 | (c[2] << 16) | (c[1] << 8) | c[0]) >>> 0;
  }
  table.css = (i) => `rgb(${table[i] & 255} ${(table[i] >> 8) & 255} ${(table[i] >> 16) & 255})`;
  table.ramp = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, i) => table.css(Math.round(i * 255 / 16))).join(", ")})`;
  tables.set(name, table);
  return table;
};
const position = (value, [low, high], side) => { // without any range, zero is the dark end, but the middle of a difference
  const t = high > low ? (value - low) / (high - low) : value === 0 && side !== "difference" ? 0 : 0.5;
  return t <= 0 ? 0 : t >= 1 ? 255 : Math.round(t * 255);
};

// ---- numbers, as lib/wording.py writes them -------------------------------------------------------------------------------
const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const number = (x) => {
  if (Number.isNaN(x)) return "not a number";
  const size = Math.abs(x), sign = x < 0 ? "−" : "";
  if (size === 0) return "0";
  if (size === Infinity) return `${sign}∞`;
  const trim = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (size < 1e-4 || size >= 999999.5) {
    const [mantissa, exponent] = size.toExponential(2).split("e");
    return `${sign}${trim(mantissa)} × 10${exponent.startsWith("-") ? "⁻" : ""}${[...exponent.slice(1)].map((d) => SUPERSCRIPT[d]).join("")}`;
  }
  const text = trim(size.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size)))));
  return sign + (size >= 1000 ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text);
};
