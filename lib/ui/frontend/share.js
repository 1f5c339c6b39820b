// The link to this screen, the code that prints its numbers, and the same picture through the usual mistakes.
const copy = async (text) => {
  try { await navigator.clipboard.writeText(text); } catch {
    // Without https the clipboard is closed to scripts; the old way still works.
    const area = make("textarea", { style: "position:fixed;opacity:0" });
    area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
  }
};
function show(root, { header }, component, s) {
  s.component = component; s.note = header.note;
  if (s.link) return;
  s.said = make("span", { class: "soft", role: "status" });
  s.link = make("button", { type: "button", onclick: async () => {
    await copy(location.href);
    s.said.textContent = `Copied. ${s.note}`;
    clearTimeout(s.timer); s.timer = setTimeout(() => { s.said.textContent = ""; }, s.note ? 12000 : 2500);
  } }, "Copy link");
  s.code = make("button", { type: "button", onclick: () => s.component.setTriggerValue("code", true) }, "Copy code");
  s.modes = make("button", { type: "button", title: "The same picture through the usual mistakes, side by side",
    onclick: () => s.component.setTriggerValue("modes", true) }, "Wrong modes");
  s.cleanup.push(() => clearTimeout(s.timer));
  root.append(make("div", { class: "bar" }, s.link, s.code, s.modes, s.said));
}
