"""The link to a page other than the Lab: the Lab's case with the page's own options, in the address bar, to be copied.

What the options of a page are, and what is done with those of a link, is that page's business; the Lab's own link is written
by its feed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from lib.case import OWN_MODEL
from lib.ui import wire
from lib.ui.component import view
from lib.ui.lab_state import LabState
from lib.ui.plain import plain
from lib.ui.view_options import compact_json, settings

_address = view("address")
_button = view("link")


def page_options(lab: LabState, page: str) -> Mapping[str, Any]:
    """What the link said about a page; none of it is to be trusted."""
    return settings(lab.view.get(page))


def write_address(
    lab: LabState, page: str, options: Mapping[str, Any], more: Mapping[str, str] | None = None
) -> None:
    """Brings the address bar up to date. To be called wherever the options are known, a fragment included.

    Args:
        page: as its address has it, e.g. "dataset".
        options: what differs from what a visitor without a link sees.
        more: further parameters of the page's own.
    """
    text = compact_json(options) if options else ""
    if lab.view.get(page, "") != text:
        lab.set_view(**{page: text})
    query, _ = lab.query(page)
    if page == "models":  # names the model that is looked at, whatever the Lab shows
        query = {key: text for key, text in query.items() if key == f"view.{page}"}
    address = urlencode(query | dict(more or {}))
    _address(key=f"{page}_address", data=wire.pack({"page": page, "address": address}))


def link_notes(lab: LabState, page: str) -> None:
    """What of the link that was opened could not be used; said on the page that it led to."""
    if st.session_state.setdefault("link_led_to", page) == page:
        for note in lab.notes:
            st.info(plain(note), icon=":material/link:")


def link_to(lab: LabState, page: str) -> str:
    """The whole address of a page with this case, as this visitor's browser knows the app; "" where it does not say."""
    here = (st.context.url or "").partition("?")[0]
    return f"{here}?{urlencode(lab.query(page)[0])}" if here else ""


def copy_link(lab: LabState, page: str, missing: str = "") -> None:
    """The button that copies the address.

    Args:
        missing: a sentence about what of this page no link can carry; said when it was copied.
    """
    notes = [missing, lab.query(page)[1]]
    if lab.source_is_upload:
        notes.append("The Lab’s uploaded picture is not in the link: send the file along.")
    if lab.model.startswith(OWN_MODEL):
        notes.append("Your own model is not in the link: send its file along.")
    _button(key=f"{page}_link", data=wire.pack({"note": " ".join(filter(None, notes))}), width="content")
