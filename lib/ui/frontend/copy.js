// A button that copies a text, or this page's address, and says that it did.
function show(root, { header }, component, s) {
  if (!s.button) {
    s.done = make("span", { class: "soft", role: "status" });
    s.button = make("button", { type: "button", onclick: async () => {
      const text = s.text ?? location.href;
      try { await navigator.clipboard.writeText(text); } catch {
        // Without https the clipboard is closed to scripts; the old way still works.
        const area = make("textarea", { style: "position:fixed;opacity:0" });
        area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
      }
      s.done.textContent = s.note || "Copied"; clearTimeout(s.timer);
      s.timer = setTimeout(() => { s.done.textContent = ""; }, s.note ? 12000 : 2500);
    } });
    root.append(s.button, " ", s.done);
  }
  s.button.textContent = header.label; s.text = header.text; s.note = header.note;
}
