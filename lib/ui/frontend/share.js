// The link to this screen, the code that prints its numbers, and the same picture through the usual mistakes. What a link does
// not carry is said when it is copied; that it lost a part, at once.
function show(root, { header }, component, s) {
  s.component = component; s.note = header.note;
  if (!s.link) build(root, s);
  hide(s.lost, !header.lost);
  text(s.why, header.lost);
}
const build = (root, s) => {
  s.said = make("span", { class: "soft", role: "status" });
  const say = (copied) => text(s.said, copied ? `Copied. ${s.note}` : "");
  s.link = make("button", { type: "button", onclick: () => copyLink(s, say) }, "Copy link");
  s.code = make("button", { type: "button", onclick: () => s.component.setTriggerValue("code", true) }, "Copy code");
  s.modes = make("button", { type: "button", title: "The same picture through the usual mistakes, side by side",
    onclick: () => s.component.setTriggerValue("modes", true) }, "Wrong modes");
  s.cleanup.push(() => clearTimeout(s.timer));
  s.why = make("span");
  s.lost = make("div", { class: "lost soft", role: "status", hidden: true }, s.why,
    make("button", { type: "button", onclick: () => s.component.setTriggerValue("code", true) }, "Get the bundle"));
  root.append(make("div", { class: "bar" }, s.link, s.code, s.modes, s.said), s.lost);
};
