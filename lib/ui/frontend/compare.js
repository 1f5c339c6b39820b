// Pin the present state as A, go on, and read in words what differs.
function show(root, { header }, component, s) {
  s.component = component;
  if (!s.bar) {
    const button = (label, what, title) => make("button", { type: "button", title, onclick: () => s.component.setTriggerValue("do", what) }, label);
    s.pin = button("Pin as A", "pin", "Keep this state and compare what you do next with it");
    s.unpin = button("Unpin A", "unpin", "Forget state A");
    s.back = button("Back to A", "back", "Make state A the present one again");
    s.words = make("div", { class: "words", role: "status" });
    root.append((s.bar = make("div", { class: "bar" }, s.pin, s.unpin, s.back)), s.words);
  }
  hide(s.pin, header.pinned); hide(s.unpin, !header.pinned); hide(s.back, !header.pinned);
  hide(s.words, !header.pinned);
  text(s.words, `From A to now: ${header.changes.join("; ") || "nothing has changed."}`);
}
