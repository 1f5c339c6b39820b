// The half of lib/ui/component.py that runs in the browser: shows views, reads the wire format, paces what views send.
// A view is a file that defines `function show(root, message, component, state)`; `state` is an object that lives as long as
// the view is mounted, `message` is {header, arrays} of the last data. It must be idempotent: it is called for every change.
const views = {};
let baseStyle = "";
const sheets = new Map();
const STATE = Symbol.for("misread.state");
const TYPES = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array, float32: Float32Array };

const read = (data) => {
  if (data == null) return { header: {}, arrays: {} };
  let bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  if (bytes.byteOffset % 4) bytes = bytes.slice(); // typed arrays want aligned offsets
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(header.arrays)) {
    const count = shape.reduce((a, b) => a * b, 1);
    arrays[name] = new TYPES[dtype](bytes.buffer, bytes.byteOffset + 4 + length + offset, count);
    arrays[name].shape = shape;
  }
  return { header, arrays };
};

const styleOf = (name) => {
  if (!sheets.has(name)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(baseStyle + "\n" + views[name].css);
    sheets.set(name, sheet);
  }
  return sheets.get(name);
};

// ---- pacing: one message in flight, the newest state wins, at most one every `interval` ms, or
// as the server asks for while many people draw at once (pace.py) -----------------------------------------------------------
// The feed acknowledges sequence numbers (`acks`) after the work that they asked for.
const channels = (globalThis.misreadChannels ??= new Map());
let pace = 0;
const PATIENCE = 3000, TRIES = 40; // an answer that got lost must not stop the view for ever
// With `keep` what was reported last must arrive: it is sent again until it is answered, also by a server that was restarted.
const channel = (key, deliver, { interval = 33, keep = false } = {}) => {
  let one = channels.get(key);
  if (one) { one.deliver = deliver; return one; }
  // Date.now() as the first number: a remounted view must not wait for numbers of its former life.
  one = { deliver, seq: Date.now(), inFlight: false, pending: null, sent: null, tries: 0, last: 0, timer: 0, guard: 0 };
  const send = () => {
    clearTimeout(one.timer); clearTimeout(one.guard);
    const { value } = one.sent = one.pending;
    one.pending = null; one.inFlight = true; one.last = performance.now(); one.seq += 1;
    globalThis.misreadProbe?.sent(key, one.seq);
    one.guard = setTimeout(lost, PATIENCE);
    one.deliver(value, one.seq);
  };
  const go = () => {
    if (one.inFlight || !one.pending) return;
    const wait = Math.max(interval, pace) - (performance.now() - one.last);
    clearTimeout(one.timer);
    if (wait <= 0 || one.pending.final) send(); else one.timer = setTimeout(go, wait);
  };
  const lost = () => {
    one.inFlight = false;
    if (keep && one.tries++ < TRIES) { one.pending ??= one.sent; keepAddress(); host.again(); }
    go();
  };
  one.free = () => { clearTimeout(one.guard); one.inFlight = false; one.sent = null; one.tries = 0; go(); };
  // What was reported, or is about to be, and nobody has answered by now; else null.
  one.unheard = () => (one.pending ?? (one.seq > (host.acks?.[key] ?? 0) ? one.sent : null))?.value ?? null;
  one.want = (value, final = false) => {
    one.tries = 0;
    globalThis.misreadProbe?.wanted(key); // benchmarks/latency.py counts from here
    one.pending = { value, final: final || Boolean(one.pending?.final) };
    go();
  };
  one.busy = () => one.inFlight || one.pending !== null;
  channels.set(key, one);
  return one;
};
const acknowledge = (acks) => {
  for (const [key, seq] of Object.entries(acks ?? {})) {
    const one = channels.get(key);
    if (one?.inFlight && seq >= one.seq) one.free();
  }
};

// ---- small tools that every view uses ---------------------------------------------------------------------------------------
// Changed words are put into the text that is there: a new text node would cost its surroundings another layout.
const text = (node, value) => {
  const words = String(value ?? ""), only = node.firstChild;
  if (only?.nodeType !== Node.TEXT_NODE || only !== node.lastChild) { if (node.textContent !== words) node.textContent = words; }
  else if (only.data !== words) only.data = words;
};
const hide = (node, whether) => { if (node.hidden !== Boolean(whether)) node.hidden = Boolean(whether); }; // saying it again would cost a style
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name.toLowerCase()] = value;
    else if (name === "class") node.className = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
};
const copyText = async (text) => {
  try { await navigator.clipboard.writeText(text); } catch {
    // Without https the clipboard is closed to scripts; the old way still works.
    const area = make("textarea", { style: "position:fixed;opacity:0" });
    area.value = text; document.body.append(area); area.select(); document.execCommand("copy"); area.remove();
  }
};
// Copies the page's address and says so for as long as the view's note takes to read.
const copyLink = async (s, say) => {
  await copyText(location.href);
  say(true);
  clearTimeout(s.timer); s.timer = setTimeout(() => say(false), s.note ? 12000 : 2500);
};

// ---- views in their places, and the feed that fills them ------------------------------------------------------------------
const same = (a, b) => a !== undefined && a.length === b.length && a.every((value, i) => value === b[i]);
const host = (globalThis.misreadHost ??= { waiting: [] });
const placed = (host.placed ??= new Map()); // live view -> { root, state }
// A server that was restarted takes the address away before it has read it. What is sent then must not be without.
const keepAddress = () => {
  if (placed.size && host.search && !location.search) history.replaceState(history.state, "", host.search + location.hash);
};
const draw = (name, root, state, message, component) => views[name].show(root, message, component, state);
const fill = (name) => {
  const spot = placed.get(name), part = host.live?.arrays[name];
  // A view that is told the same again is left alone: every touched element costs a frame's layout and paint.
  if (!spot || !part || same(spot.part, part)) return;
  spot.part = part;
  // What a live view reports goes through the feed: only the feed's events rerun the live fragment alone.
  const report = (event, value) => host.live.component.setTriggerValue(`${name}_${event}`, value);
  draw(name, spot.root, spot.state, read(part), { setTriggerValue: report, setStateValue: report });
};
host.show = (name, component) => {
  const root = component.parentElement.querySelector(".view"), scope = root.getRootNode();
  if (scope.adoptedStyleSheets && !scope.adoptedStyleSheets.includes(styleOf(name)))
    scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, styleOf(name)];
  const state = (root[STATE] ??= { cleanup: [] });
  if (component.data == null) { placed.set(name, { root, state }); fill(name); }
  else draw(name, root, state, read(component.data), component);
  return () => {
    for (const undo of state.cleanup) undo();
    delete root[STATE];
    if (placed.get(name)?.root === root) placed.delete(name);
  };
};
// While something is being loaded the page asks for itself by a timer of Streamlit's, which can get lost on a busy server.
const LOADING = 8000;
const wholePage = () => host.runtime?.setTriggerValue("again", Date.now());
host.feed = (component) => {
  const { header, arrays } = read(component.data);
  host.live = { component, arrays };
  host.acks = header.acks;
  host.heard = true;
  if (header.address) host.search = `?${header.address}`;
  for (const name of placed.keys()) fill(name);
  if (header.address && location.search !== `?${header.address}`) history.replaceState(history.state, "", `?${header.address}${location.hash}`);
  pace = header.pace ?? 0;
  clearInterval(host.asks);
  if (header.waiting) host.asks = setInterval(() => (placed.size ? wholePage() : clearInterval(host.asks)), LOADING);
  acknowledge(header.acks);
  if (globalThis.misreadProbe) requestAnimationFrame(() => setTimeout(() => globalThis.misreadProbe.painted(header.acks), 0));
};
for (const [name, component] of host.waiting.splice(0)) queueMicrotask(() => (name ? host.show(name, component) : host.feed(component)));

// ---- a server that was restarted -------------------------------------------------------------------------------------------
// It knows none of this page's fragments, so that their events lead to nothing. Streamlit's page connects again by itself but does
// not always ask for itself again; the runtime lies outside every fragment, and its event runs the whole page, from the address.
host.again = () => {
  if (host.heard) return;
  keepAddress();
  wholePage();
};
if (!host.listens) {
  host.listens = true;
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", () => { host.heard = false; setTimeout(host.again, PATIENCE); });
    }
  };
}

export default function (component) { host.runtime = component; }
