"""A page with one slider and nothing else: what Streamlit and the browser take on a machine, whatever a page does."""

import streamlit as st

_JS = """
export default function (component) {
  const root = component.parentElement.querySelector(".floor");
  const probe = globalThis.misreadProbe;
  if (!root.slider) {
    root.slider = document.createElement("input");
    root.slider.type = "range"; root.slider.step = 0.5;
    root.slider.setAttribute("data-testid", "slider");
    root.value = document.createElement("output");
    root.append(root.slider, root.value);
    root.seq = 0;
    root.send = () => {
      root.busy = true; root.due = false;
      probe.sent("floor", ++root.seq);
      root.component.setTriggerValue("value", { seq: root.seq, value: root.slider.value });
    };
    root.slider.oninput = () => { probe.wanted("floor"); root.due = true; if (!root.busy) root.send(); };
  }
  root.component = component;
  const { seq, value } = component.data;
  root.value.textContent = value;
  requestAnimationFrame(() => setTimeout(() => probe.painted({ floor: seq }), 0));
  if (root.busy && seq >= root.seq) { root.busy = false; if (root.due) root.send(); }
}
"""

_slider = st.components.v2.component("floor", html='<div class="floor"></div>', js=_JS)


@st.fragment
def live() -> None:
    """The slider and its value, from the server and back."""

    def moved() -> None:
        st.session_state["last"] = st.session_state["slider"]["value"]

    _slider(key="slider", data=st.session_state.get("last") or {"seq": 0, "value": 50}, on_value_change=moved)


live()
