// Keeps the address bar of a page other than the Lab true. The address replaces the one before: settings must not fill the
// history that the Back button walks through.
function show(root, { header }) {
  // While Streamlit goes to another page, this one is still there for a moment: its address is not that page's.
  if (!location.pathname.endsWith(`/${header.page}`) || location.search.slice(1) === header.address) return;
  history.replaceState(history.state, "", `${location.pathname}?${header.address}${location.hash}`);
}
