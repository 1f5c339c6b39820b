// What the verdict rests on: the calibrated probability beside the raw one and, on demand, the witnesses with the nearest
// training prototypes, and what softmax does to the logits. The words are Python's; only softmax's sliders are computed here.
const TONES = ["typical", "unusual", "nothing"];
const sentence = (node, value) => { text(node, value); hide(node, !value); };
const count = (n) => (n < 1e6 ? Math.round(n).toLocaleString("en") : n < 1e300 ? `10^${Math.round(Math.log10(n))}` : "10^300 and more");
const percent = (p, rest) => (rest < 0.001 ? `all but 1 in ${count(1 / rest)}` : p < 0.001 ? `1 in ${count(1 / p)}` : `${(100 * p).toFixed(1)} %`);
const paragraph = (id, name = "") => make("p", { class: name, "data-testid": id, hidden: true });

const opener = (s, what, id, label) => make("button", { type: "button", "data-testid": id, "aria-expanded": "false",
  onclick: () => { s.options = { open: s.options.open === what ? "" : what }; s.channel.want(s.options, true); } }, label);

const buildSoftmax = (s) => {
  const slide = (id, label, low, high, step) => {
    const input = make("input", { type: "range", min: low, max: high, step, value: 0, "aria-label": label, "data-testid": id, oninput: () => paintSoftmax(s) });
    const value = make("output", { class: "number" });
    return { input, value, node: make("label", { class: "slide" }, make("span", {}, label), input, value) };
  };
  s.plus = slide("softmax-plus", "Add to every logit", -20, 20, 0.5);
  s.times = slide("softmax-times", "Multiply every logit", -1, 1, 0.05);
  s.bars = make("div", { class: "bars", "data-testid": "softmax-bars" });
  s.effect = make("p", { "data-testid": "softmax-effect", "aria-live": "polite" });
  s.attractor = paragraph("attractor");
  const reset = make("button", { type: "button", onclick: () => { s.plus.input.value = 0; s.times.input.value = 0; paintSoftmax(s); } }, "Back");
  s.softmax = make("div", { class: "panel", hidden: true, "data-testid": "softmax-view" },
    make("p", {}, "Softmax turns any numbers into shares that add up to 100 %. It has no way to say “none of these”: only differences between logits reach it, not how large they are."),
    s.plus.node, s.times.node, s.bars, s.effect, s.attractor, reset);
};
const softmaxOf = (logits) => {
  let largest = -Infinity, sum = 0;
  for (const z of logits) largest = Math.max(largest, z);
  const shares = Array.from(logits, (z) => Math.exp(z - largest));
  for (const share of shares) sum += share;
  return { share: (i) => shares[i] / sum, words: (i) => percent(shares[i] / sum, shares.reduce((rest, one, j) => (j === i ? rest : rest + one), 0) / sum) };
};
const paintSoftmax = (s) => {
  const { classes } = s.header, { logits } = s.arrays;
  if (!classes || !logits) return;
  const plus = +s.plus.input.value, factor = 10 ** +s.times.input.value;
  text(s.plus.value, `${plus < 0 ? "−" : "+"}${Math.abs(plus)}`); text(s.times.value, `× ${factor.toFixed(2)}`);
  const now = Array.from(logits, (z) => factor * z + plus), shares = softmaxOf(now), before = softmaxOf(logits);
  let most = 1e-9;
  for (const { index } of classes) most = Math.max(most, Math.abs(now[index]));
  while (s.bars.children.length < classes.length) {
    const part = (name) => make("span", { class: name }, make("i"));
    s.bars.append(make("div", { class: "bar" }, make("b"), part("logit"), make("span", { class: "number" }), part("share"), make("span", { class: "number" })));
  }
  while (s.bars.children.length > classes.length) s.bars.lastElementChild.remove();
  classes.forEach(({ index, name }, row) => {
    const [label, logit, said, share, words] = s.bars.children[row].children, z = now[index];
    text(label, name); label.title = name;
    logit.firstElementChild.style.cssText = `width:${(50 * Math.abs(z) / most).toFixed(1)}%;${z < 0 ? "right" : "left"}:50%`;
    text(said, z.toFixed(1).replace("-", "−"));
    share.firstElementChild.style.width = `${(100 * shares.share(index)).toFixed(2)}%`;
    text(words, shares.words(index));
  });
  const first = classes[0].index, changed = [];
  if (plus) changed.push("What is added to all cancels out: the probabilities stay what they were.");
  if (factor !== 1) changed.push(`Multiplied by ${factor.toFixed(2)} the order stays, and “${classes[0].name}” goes from ${before.words(first)} to ${shares.words(first)}: ${factor > 1 ? "a network whose logits are too large is too sure, and knows no more" : "it hesitates, and knows no less"}.`);
  text(s.effect, changed.join(" ") || "Move the sliders.");
};

const buildWitnesses = (s) => {
  s.list = make("ul", { class: "witnesses", "aria-label": "Witnesses" });
  s.noise = paragraph("noise-compared"); s.refusal = paragraph("refusal"); s.guarantee = paragraph("guarantee", "soft");
  s.attractorToo = paragraph("attractor-too");
  s.near = make("div", { class: "near", "data-testid": "prototypes" });
  s.nearTitle = make("p", {}, "The most similar training prototypes, with one minus the cosine as distance:");
  s.witnesses = make("div", { class: "panel", hidden: true, "data-testid": "witnesses" }, s.list, s.refusal, s.noise, s.attractorToo, s.nearTitle, s.near, s.guarantee);
};
const paintWitnesses = (s) => {
  const { header, arrays } = s, witnesses = header.witnesses ?? [], neighbours = header.neighbours ?? [];
  while (s.list.children.length < witnesses.length)
    s.list.append(make("li", {}, make("b"), make("span", { class: "track" }, make("i")), make("span", { class: "number" }), make("small")));
  while (s.list.children.length > witnesses.length) s.list.lastElementChild.remove();
  witnesses.forEach(({ title, explanation, p, words, tone }, row) => {
    const item = s.list.children[row], [name, track, said, why] = item.children;
    item.dataset.tone = TONES[tone];
    text(name, title); text(said, words); sentence(why, explanation);
    track.firstElementChild.style.width = `${(100 * Math.sqrt(p)).toFixed(1)}%`;
  });
  for (const key of ["noise", "refusal", "guarantee"]) sentence(s[key], header[key]);
  sentence(s.attractorToo, header.noise ? header.attractor : "");
  hide(s.nearTitle, !neighbours.length);
  while (s.near.children.length < neighbours.length)
    s.near.append(make("figure", {}, make("canvas"), make("figcaption", {}, make("b"), make("span", { class: "number" }))));
  while (s.near.children.length > neighbours.length) s.near.lastElementChild.remove();
  neighbours.forEach(({ name, distance, size }, place) => {
    const [canvas, words] = s.near.children[place].children, pixels = arrays[`prototype${place}`], [high, wide, channels = 1] = pixels.shape;
    if (canvas.width !== wide || canvas.height !== high) { canvas.width = wide; canvas.height = high; }
    const image = new ImageData(wide, high);
    for (let i = 0; i < wide * high; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = pixels[i * channels + (channels === 1 ? 0 : c)];
      image.data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", `Prototype of ${name}, ${size}`); canvas.title = size;
    text(words.children[0], name); text(words.children[1], distance);
  });
};

const build = (root, s) => {
  s.sure = make("p", { class: "sure", "data-testid": "verdict-sure", hidden: true }, make("b"), make("span"), make("span", { class: "soft" }));
  s.more = opener(s, "witnesses", "open-witnesses", "How typical?");
  s.why = opener(s, "softmax", "open-softmax", "Why softmax must answer");
  s.body = make("div", { hidden: true }, s.sure, make("div", { class: "openers" }, s.more, s.why));
  buildWitnesses(s); buildSoftmax(s);
  root.replaceChildren(s.body, s.witnesses, s.softmax);
};

const show = (root, { header, arrays }, component, s) => {
  if (!s.body) build(root, s);
  s.channel = channel(header.channel, (value, seq) => component.setStateValue("view", { ...value, seq }));
  if (!s.options || !s.channel.busy()) s.options = header.options;
  s.header = header; s.arrays = arrays;
  hide(s.body, !header.shown);
  hide(s.witnesses, !header.witnesses); hide(s.softmax, !header.classes);
  if (!header.shown) return;
  hide(s.sure, !header.sure);
  if (header.sure) {
    const [name, numbers, record] = s.sure.children, { raw, calibrated } = header.sure;
    text(name, header.sure.name); text(numbers, `${raw} raw, ${calibrated} calibrated.`); sentence(record, header.sure.record);
  }
  hide(s.why, !header.softmax);
  for (const [node, open] of [[s.more, header.witnesses], [s.why, header.classes]])
    for (const state of ["aria-expanded", "aria-pressed"]) node.setAttribute(state, Boolean(open));
  if (header.witnesses) paintWitnesses(s);
  if (header.classes) { sentence(s.attractor, header.attractor); paintSoftmax(s); }
};
