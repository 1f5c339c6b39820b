// What has to be said about the picture: what went wrong with a file, and what decoding did. Plain text only.
function show(root, { header }) {
  root.replaceChildren(
    ...header.errors.map((text) => make("div", { class: "error", role: "alert" }, text)),
    ...header.notes.map((text) => make("div", { class: "note soft" }, text)));
}
