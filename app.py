"""Misread: see what your image classifier sees, and why it gets your picture wrong."""

from pathlib import Path

import streamlit as st

from lib.ui.component import mount_runtime
from lib.ui.entry import entering
from lib.ui.server import open_connections, start_engine
from lib.ui.server_settings import check_settings

st.set_page_config(page_title="Misread", page_icon="🔍", layout="wide")
st.html(Path(__file__).parent / "lib" / "ui" / "page.css")
check_settings()
open_connections()
mount_runtime()
page = st.navigation(
    [
        st.Page("pages/lab.py", title="Lab", icon=":material/science:", default=True),
        st.Page("pages/autopsy.py", title="Autopsy", icon=":material/troubleshoot:"),
        st.Page("pages/batchnorm.py", title="BatchNorm", icon=":material/balance:"),
        st.Page("pages/dataset.py", title="Data set", icon=":material/grid_on:"),
        st.Page("pages/models.py", title="Models", icon=":material/deployed_code:"),
    ],
    position="top",
)
entering()
page.run()
start_engine()
