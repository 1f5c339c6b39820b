"""The contract of a visitor's model on the screen: every field with where it was read, editable, and the way back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.html import text
from lib.input_sizes import with_picture
from lib.ui.lab_state import LabState
from lib.ui.own.form import LABELS, ContractForm, shown, usual_names
from lib.ui.visitor_models import VisitorModel
from lib.zoo.class_names import fitted, read_class_names
from lib.zoo.own.contract_file import contract_from_json, contract_to_json

if TYPE_CHECKING:
    from lib.reference import Reference

_MARKS = {
    "read": "read from the file",
    "derived": "follows from the file",
    "assumed": "assumed",
    "changed": "set by you",
}
_MOST_TYPED = 60


def contract_form(lab: LabState, model: VisitorModel) -> None:
    """Draws the form. A change acts at once, in the Lab too."""
    form: ContractForm = model.form
    st.caption(
        "What the model was trained to see. Misread filled this in from the file; correct what it could only assume. "
        "The Lab's default pipeline follows from it."
    )
    _bar(lab, model, form)
    if message := st.session_state.pop("own_form_error", ""):
        st.html(
            f'<div class="mr" role="alert" data-testid="form-error"><p class="hint">{text(message)}</p></div>'
        )
    for name in form.fields:
        _row(lab, model, form, name)
    _class_names(lab, model, form)
    _facts(form)


def _apply(lab: LabState, model: VisitorModel, change: Callable[[], Any]) -> None:
    """Carries a change out in the form, the network and the Lab, or in none of them."""
    form: ContractForm = model.form
    before = list(form.history)
    try:
        change()
        if model.network is not None:
            model.network = model.network.with_contract(form.contract, _reference(model, form))
    except ValueError as error:  # a contract, a list of names or a network that do not go together
        form.history[:] = before
        st.session_state["own_form_error"] = str(error)
        return
    model.card = model.brought.card(form.contract)
    lab.add_model(model)


def _reference(model: VisitorModel, form: ContractForm) -> Reference | None:
    """The model's Reference, as long as the tensors that it was made of are still those of the contract."""
    before = model.network.contract if model.network else form.contract
    same = dataclasses.replace(form.contract, class_names=before.class_names, task=before.task) == before
    return model.network.reference if model.network and same else None


def _bar(lab: LabState, model: VisitorModel, form: ContractForm) -> None:
    undo, reset, down, up = st.columns([1, 1.2, 1.4, 1.4], vertical_alignment="bottom")
    undo.button(
        "Undo",
        icon=":material/undo:",
        key="own_undo",
        disabled=len(form.history) < 2,
        on_click=lambda: _apply(lab, model, form.undo),
        width="stretch",
    )
    reset.button(
        "As the file says",
        key="own_reset",
        disabled=not any(form.level(name) == "changed" for name in LABELS),
        on_click=lambda: _apply(lab, model, form.reset),
        width="stretch",
    )
    down.download_button(
        "Download contract",
        contract_to_json(form.contract),
        "contract.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
        key="own_contract_down",
        width="stretch",
    )
    with up.popover("Load contract", icon=":material/upload:", width="stretch"):
        st.file_uploader(
            "A contract.json",
            type=["json"],
            key="own_contract_up",
            max_upload_size=4,
            on_change=lambda: _load_contract(lab, model, form),
        )


def _load_contract(lab: LabState, model: VisitorModel, form: ContractForm) -> None:
    file = st.session_state.get("own_contract_up")
    if file is not None:
        _apply(lab, model, lambda: form.replace(contract_from_json(file.getvalue(), file.name)))


def _row(lab: LabState, model: VisitorModel, form: ContractForm, name: str) -> None:
    """One field: what it is, its value, where that comes from."""
    label, field, origin = st.columns([1.1, 1.5, 2.6], vertical_alignment="center")
    label.markdown(f"**{LABELS[name]}**")
    level = form.level(name)
    origin.html(
        f'<div class="mr"><p class="source"><b class="level {level}">{_MARKS[level]}</b> {text(form.source(name))}</p></div>'
    )
    key = f"own_{name}"
    value, options = form.value(name), form.options(name)

    def changed() -> None:
        _apply(lab, model, lambda: form.change(name, st.session_state[key]))

    if options is None and name == "picture":
        with field:
            _open_size(lab, model, form)
        return
    st.session_state[key] = value
    if options is None:
        field.slider(
            LABELS[name], 0.0, 0.45, step=0.01, key=key, on_change=changed, label_visibility="collapsed"
        )
        return
    field.selectbox(
        LABELS[name],
        options if value in options else (value, *options),
        format_func=lambda option: shown(name, option),
        key=key,
        on_change=changed,
        disabled=form.is_fixed(name),
        label_visibility="collapsed",
    )


def _open_size(lab: LabState, model: VisitorModel, form: ContractForm) -> None:
    """Height and width of a model that takes any size."""
    height, width = form.contract.size
    st.session_state["own_height"], st.session_state["own_width"] = height, width

    def changed() -> None:
        sides = int(st.session_state["own_height"]), int(st.session_state["own_width"])
        _apply(lab, model, lambda: form.replace(with_picture(form.contract, *sides, form.contract.channels)))

    left, right = st.columns(2)
    left.number_input("Height", 1, 1024, key="own_height", on_change=changed)
    right.number_input("Width", 1, 1024, key="own_width", on_change=changed)


def _class_names(lab: LabState, model: VisitorModel, form: ContractForm) -> None:
    """Typed, pasted or out of a file; a wrong count is said at once."""
    count = len(form.contract.class_names)
    st.markdown(f"**Class names** ({count:,}, in the order of the training labels)")

    def set_names(data: bytes | str, name: str) -> None:
        given = fitted(read_class_names(data, name), count)
        form.name_classes(given.names)
        st.session_state["own_names_notes"] = given.notes

    def typed() -> None:
        _apply(lab, model, lambda: set_names(st.session_state["own_names"], "the list"))

    def uploaded() -> None:
        file = st.session_state.get("own_names_file")
        if file is not None:
            _apply(lab, model, lambda: set_names(file.getvalue(), file.name))

    left, right = st.columns([1.5, 1], gap="medium")
    if count <= _MOST_TYPED:
        # What was typed stays until it has become the contract's names: a wrong list is corrected, not typed again.
        names = (model.card.name, form.contract.class_names)
        if "own_names" not in st.session_state or st.session_state.get("own_names_of") != names:
            st.session_state["own_names"] = "\n".join(form.contract.class_names)
            st.session_state["own_names_of"] = names
        left.text_area(
            "Class names",
            key="own_names",
            on_change=typed,
            height=180,
            label_visibility="collapsed",
            help="One per line, or a JSON list.",
        )
    else:
        left.caption(f"From {form.contract.class_names[0]} to {form.contract.class_names[-1]}.")
    right.file_uploader(
        "Or a text, JSON or CSV file",
        type=["txt", "json", "csv"],
        key="own_names_file",
        on_change=uploaded,
        max_upload_size=2,
    )
    usual = usual_names(count)
    if usual and usual != form.contract.class_names:
        words = f"{usual[0]}, {usual[1]}, … {usual[-1]}"
        right.button(
            f"Name them {words}",
            key="own_usual_names",
            on_click=lambda: _apply(lab, model, lambda: form.name_classes(usual)),
        )
    for note in st.session_state.get("own_names_notes", ()):
        right.caption(text(note))


def _facts(form: ContractForm) -> None:
    """What else the file says."""
    found = form.inspection
    share = found.initial_share()
    facts = [
        ("File", found.kind),
        ("Weights", f"{found.parameters:,} in {found.layers} layers"),
        ("Family", f"{found.family}: {found.family_source}" if found.family else ""),
        ("Inside the model", " ".join(found.preprocessing)),
        ("Augmentation", ", ".join(found.augmentation)),
        ("Dropout", ", ".join(found.dropout)),
        ("Loss", f"{found.loss}{'' if found.from_logits is None else f', from_logits={found.from_logits}'}"),
        (
            "Optimizer",
            f"{found.optimizer}{'' if found.iterations is None else f', {found.iterations:,} steps'}",
        ),
        (
            "BatchNorm",
            f"{found.batchnorm.count} layers, momentum {found.batchnorm.momentum}, {found.batchnorm.untouched} never updated"
            + ("" if share is None else f"; the initial statistics still weigh {share:.1%}")
            if found.batchnorm.count
            else "",
        ),
        ("Precision", found.dtype_policy),
        ("Saved", f"{found.saved} with Keras {found.keras_version}" if found.keras_version else found.saved),
    ]
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(said)}</dd>" for name, said in facts if said)
    notes = "".join(f"<li>{text(note)}</li>" for note in found.notes)
    st.html(f'<div class="mr"><h4>What else the file says</h4><dl>{rows}</dl><ul>{notes}</ul></div>')
