// The exact tensor: facts, sentences, and a histogram against the training data's. Heights are square roots of shares, so that
// the huge bin of the background does not flatten the ink.
const PLOT = `<svg viewBox="0 0 1 1" preserveAspectRatio="none" tabindex="0" role="img"><rect class="here" height="1" width="0"/>
<path class="bars"/><path class="band"/><path class="mid"/></svg>`;
const share = (part) => (part <= 0 ? "0 %" : part < 0.001 ? "under 0.1 %" : part >= 1 ? "100 %" : `${Math.min(99.9, 100 * part).toFixed(1)} %`);

const build = (root, s) => {
  s.facts = make("dl", { class: "facts", "data-testid": "tensor-facts" });
  s.sentences = make("ul", { class: "sentences", "data-testid": "tensor-sentences" });
  s.plot = make("div", { class: "plot", "data-testid": "tensor-histogram" });
  s.plot.innerHTML = PLOT; // a constant: no data of anybody's in it
  s.svg = s.plot.firstElementChild;
  s.below = make("div", { class: "beyond", hidden: true }, make("i")); s.above = make("div", { class: "beyond", hidden: true }, make("i"));
  s.plot.prepend(s.below); s.plot.append(s.above);
  s.from = make("span"); s.to = make("span");
  s.key = make("span", { hidden: true }, make("i"), "90 % of the training images, and their median");
  s.reading = make("span", { class: "reading", "data-testid": "tensor-reading" });
  root.replaceChildren(s.facts, s.sentences, s.plot, make("div", { class: "ends" }, s.from, s.to), make("div", { class: "foot" }, s.reading, s.key));
  const point = (at, spoken) => { s.at = at; s.reading.setAttribute("aria-live", spoken ? "polite" : "off"); readBin(s); };
  s.svg.onpointermove = s.svg.onpointerdown = (event) => {
    const box = s.svg.getBoundingClientRect(), bins = s.arrays.shares.length;
    point(Math.max(0, Math.min(bins - 1, Math.floor(((event.clientX - box.left) / box.width) * bins))));
  };
  s.svg.onpointerleave = (event) => { if (event.pointerType === "mouse") point(null); };
  s.svg.onblur = () => point(null);
  s.svg.onkeydown = (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move) return;
    event.preventDefault();
    point(Math.max(0, Math.min(s.arrays.shares.length - 1, (s.at ?? (move > 0 ? -1 : 1)) + move)), true);
  };
};
const readBin = (s) => {
  const { shares, low, mid, high } = s.arrays, { bins } = s.header, here = s.svg.querySelector(".here"), at = s.at;
  const known = at != null && at < shares.length;
  here.setAttribute("width", known ? 1 / shares.length : 0);
  if (known) here.setAttribute("x", at / shares.length);
  const training = known && low ? `; training ${share(low[at])} to ${share(high[at])}, median ${share(mid[at])}` : "";
  text(s.reading, known ? `${bins[at]} to ${bins[at + 1]}: ${share(shares[at])} of the values${training}` : "share of values, square-root scale");
};

const show = (root, { header, arrays }, component, s) => {
  if (!s.facts) build(root, s);
  s.header = header; s.arrays = arrays;
  header.facts.forEach(([name, value], i) => {
    const node = s.facts.children[i] ?? s.facts.appendChild(make("div", {}, make("dt"), make("dd")));
    text(node.children[0], name); text(node.children[1], value);
    node.dataset.fact = name;
  });
  while (s.facts.children.length > header.facts.length) s.facts.lastElementChild.remove();
  header.sentences.forEach((sentence, i) => text(s.sentences.children[i] ?? s.sentences.appendChild(make("li")), sentence));
  while (s.sentences.children.length > header.sentences.length) s.sentences.lastElementChild.remove();
  hide(s.sentences, !header.sentences.length);

  const { shares, low, mid, high } = arrays, n = shares.length, x = (i) => (i / n).toFixed(4);
  let most = Math.max(header.below, header.above, 1e-9);
  for (let i = 0; i < n; i++) most = Math.max(most, shares[i], high ? high[i] : 0);
  const y = (part) => (1 - 0.98 * Math.sqrt(Math.max(0, part) / most)).toFixed(4);
  let bars = "", over = "", under = "", median = "";
  for (let i = 0; i < n; i++) {
    if (shares[i] > 0) bars += `M${((i + 0.06) / n).toFixed(4)} 1V${y(shares[i])}H${((i + 0.94) / n).toFixed(4)}V1Z`;
    if (!high) continue;
    over += `V${y(high[i])}H${x(i + 1)}`;
    under = `V${y(low[i])}H${x(i)}${under}`;
    median += `${i ? "V" : "M0 "}${y(mid[i])}H${x(i + 1)}`;
  }
  s.svg.querySelector(".bars").setAttribute("d", bars);
  s.svg.querySelector(".band").setAttribute("d", high ? `M0 1${over}${under}Z` : "");
  s.svg.querySelector(".mid").setAttribute("d", median);
  s.svg.setAttribute("aria-label", `Histogram of the tensor's values from ${header.from} to ${header.to}. Arrow keys read bins.`);
  const beyond = [[s.below, header.below, `${header.belowWords} of the values are below ${header.from}`],
    [s.above, header.above, `${header.aboveWords} of the values are above ${header.to}`]];
  for (const [node, part, title] of beyond) {
    hide(node, !(part > 0));
    node.title = title; node.dataset.share = String(part);
    node.firstElementChild.style.height = `${98 * Math.sqrt(part / most)}%`;
  }
  text(s.from, header.below > 0 ? `${header.belowWords} below ← ${header.from}` : header.from);
  text(s.to, header.above > 0 ? `${header.to} → ${header.aboveWords} above` : header.to);
  hide(s.key, !high);
  readBin(s);
};
