// Copies the address of a page other than the Lab; what the link does not carry is said then.
function show(root, { header }, component, s) {
  s.note = header.note;
  if (s.button) return;
  s.said = make("span", { class: "soft", role: "status" });
  s.button = make("button", { type: "button", "aria-live": "polite", onclick: async () => {
    await copyText(location.href);
    s.said.textContent = s.note; s.button.textContent = "Copied";
    clearTimeout(s.timer); s.timer = setTimeout(() => { s.said.textContent = ""; s.button.textContent = "Copy link"; }, s.note ? 12000 : 2500);
  } }, "Copy link");
  s.cleanup.push(() => clearTimeout(s.timer));
  root.append(make("div", { class: "bar" }, s.said, s.button));
}
