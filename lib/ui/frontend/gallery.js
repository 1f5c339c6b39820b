// The samples as a wall of small pictures; what each one shows stands below.
function show(root, { header, arrays }, component, s) {
  s.component = component;
  const ids = header.items.map((item) => item.id).join(" ");
  if (s.ids !== ids) {
    s.ids = ids;
    s.text = make("p", { class: "shows", role: "status" });
    s.buttons = header.items.map((item, i) => {
      const pixels = arrays[`p${i}`], [height, width] = pixels.shape;
      const canvas = make("canvas", { width, height, "aria-hidden": true });
      const g = canvas.getContext("2d"), image = g.createImageData(width, height);
      for (let p = 0; p < width * height; p++) image.data.set([pixels[3 * p], pixels[3 * p + 1], pixels[3 * p + 2], 255], 4 * p);
      g.putImageData(image, 0, 0);
      const say = () => { s.text.textContent = `${item.title}: ${item.shows}`; };
      return make("button", { type: "button", "data-sample": item.id, "aria-label": item.title, title: item.title,
        onclick: () => s.component.setTriggerValue("choose", item.id), onpointerenter: say, onfocus: say }, canvas);
    });
    root.replaceChildren(make("div", { class: "wall" }, ...s.buttons), s.text);
  }
  s.buttons.forEach((button, i) => button.setAttribute("aria-pressed", header.items[i].id === header.chosen));
  const chosen = header.items.find((item) => item.id === header.chosen);
  if (chosen) s.text.textContent = `${chosen.title}: ${chosen.shows}`;
}
