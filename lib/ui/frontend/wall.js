// Pictures as a wall of buttons with a caption each; a click reports the picture's number.
function show(root, { header, arrays }, component, s) {
  s.component = component;
  if (s.said === header.digest) return;
  s.said = header.digest;
  const buttons = header.items.map((item, i) => {
    const pixels = arrays[`p${i}`], [height, width] = pixels.shape;
    const canvas = make("canvas", { width, height, "aria-hidden": true });
    const g = canvas.getContext("2d"), image = g.createImageData(width, height);
    for (let p = 0; p < width * height; p++) image.data.set([pixels[3 * p], pixels[3 * p + 1], pixels[3 * p + 2], 255], 4 * p);
    g.putImageData(image, 0, 0);
    return make("button", { type: "button", "data-picture": item.id, "aria-label": `${item.title}, ${item.below}. ${header.does}`, title: header.does,
      onclick: () => s.component.setTriggerValue("choose", item.id) }, canvas,
      make("span", { class: item.wrong ? "title wrong" : "title" }, item.title), make("span", { class: "soft number" }, item.below));
  });
  root.replaceChildren(make("div", { class: "wall", role: "group", "aria-label": header.label }, ...buttons));
}
