// The verdict in one line above the answers: a chip and what it rests on.
const TONES = ["typical", "unusual", "nothing"];

const build = (root, s) => {
  s.chip = make("span", { class: "chip", "data-testid": "verdict-chip" });
  s.sentence = make("span", { class: "sentence", "data-testid": "verdict-sentence" });
  s.line = make("div", { class: "line", hidden: true }, s.chip, s.sentence);
  s.spoken = make("div", { class: "spoken", "aria-live": "polite" });
  root.replaceChildren(s.line, s.spoken);
  s.cleanup.push(() => clearTimeout(s.timer));
};

const show = (root, { header }, component, s) => {
  if (!s.line) build(root, s);
  hide(s.line, !header.level);
  if (!header.level) return;
  text(s.chip, header.level); s.chip.dataset.tone = TONES[header.tone] ?? "none";
  text(s.sentence, header.sentence);
  clearTimeout(s.timer); // spoken once things rest, not ten times a second
  s.timer = setTimeout(() => text(s.spoken, header.level), 900);
};
