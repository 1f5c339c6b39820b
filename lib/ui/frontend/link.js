// Copies the address of a page other than the Lab; what the link does not carry is said then.
function show(root, { header }, component, s) {
  s.note = header.note;
  if (s.button) return;
  s.said = make("span", { class: "soft", role: "status" });
  const say = (copied) => { text(s.said, copied ? s.note : ""); text(s.button, copied ? "Copied" : "Copy link"); };
  s.button = make("button", { type: "button", "aria-live": "polite", onclick: () => copyLink(s, say) }, "Copy link");
  s.cleanup.push(() => clearTimeout(s.timer));
  root.append(make("div", { class: "bar" }, s.said, s.button));
}
