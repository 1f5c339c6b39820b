"""The Autopsy page without a browser: what it says about the three kinds of pictures, the fix, the way back, the report."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lib.samples import FOLDER
from lib.ui.autopsy.examination import Examination
from lib.ui.lab_state import LabState
from tests.pages.visitor import PATIENCE, load_networks, visit

WRONG = {"model": "letters-mlp", "sample": "r-clean", "steps": "value_range:mode=0..1"}


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


def examined(**query: str) -> AppTest:
    """The page after its verdict."""
    return verdict_of(visit(**query))


def verdict_of(app: AppTest) -> AppTest:
    app.switch_page("pages/autopsy.py")
    app.run()
    assert examination_of(app).job.done.wait(PATIENCE)
    app.run()
    assert not app.exception
    return app


def examination_of(app: AppTest) -> Examination:
    return app.session_state["autopsy_examination"]


def lab_of(app: AppTest) -> LabState:
    return app.session_state["lab"]


def shown(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_wrong_range_is_named_shown_and_put_right_and_taken_back() -> None:
    app = examined(**WRONG)
    page = shown(app)
    assert "Values too small" in page and "What it should get" in page and "“R”" in page
    assert "img * 255" in app.code[0].value
    wrong = lab_of(app).pipeline
    app.button(key="autopsy_apply").click().run()
    assert not app.exception
    assert lab_of(app).pipeline == lab_of(app).default != wrong
    assert any(text.value == "**Fix applied:** Values too small" for text in app.markdown)
    app.button(key="autopsy_undo").click().run()
    assert lab_of(app).pipeline == wrong
    assert "autopsy_undo" not in [button.key for button in app.button]


def test_the_lab_asks_why_and_the_pages_link_opens_the_same_case() -> None:
    app = visit(**WRONG)
    app.button(key="autopsy_why").click().run()
    assert not app.exception
    query = {name: app.query_params[name] for name in WRONG}
    assert {name: value if isinstance(value, str) else value[0] for name, value in query.items()} == WRONG
    assert "autopsy_examination" in app.session_state


def test_a_right_pipeline_is_called_right_and_nothing_is_offered() -> None:
    app = examined(model="letters-mlp", sample="r-clean")
    assert "Nothing is wrong with the preprocessing" in shown(app)
    assert "no preprocessing helps" in shown(app)
    assert "Apply this fix" not in labels(app)


def test_a_picture_unlike_any_letter_gets_no_fix() -> None:
    app = examined(model="letters-mlp", sample="brick-wall")
    assert "Do not trust any of its answers" in shown(app)
    assert "Apply this fix" not in labels(app)


def test_what_did_not_change_is_not_examined_again_until_somebody_asks() -> None:
    app = examined(**WRONG)
    first = examination_of(app)
    app.switch_page("pages/lab.py")
    app.run()
    verdict_of(app)
    assert examination_of(app) is first
    app.button(key="autopsy_again").click().run()
    assert examination_of(app) is not first


def test_the_report_is_offered_in_two_formats() -> None:
    app = examined(**WRONG)
    assert {element.proto.label for element in app.get("download_button")} == {
        "As one HTML file",
        "As Markdown",
    }


def test_the_models_findings_stand_below_and_its_behaviour_when_asked_for() -> None:
    app = examined(**WRONG)
    titles = [e.label for e in app.expander]
    assert titles == [
        "Add another picture",
        "The right preprocessing as one Python function",
        "About the model (1)",
        "How the model behaves at large",
    ]
    assert "Logits, not probabilities" in shown(app) and "pictures of noise" not in shown(app)
    app.button(key="autopsy_probe").click().run()
    assert not app.exception and "1,000 pictures of noise" in shown(app) and "1/255" in shown(app)


def test_batchnorm_that_has_not_converged_leads_to_the_page_that_repairs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def page() -> None:
        from lib.autopsy import Finding
        from lib.ui.autopsy.findings import about_model

        about_model(
            (Finding("batchnorm-not-converged", "74 % of the start is left.", "proof"),), "letters-cnn"
        )

    went: list[str] = []
    monkeypatch.setattr(st, "switch_page", went.append)
    app = AppTest.from_function(page).run()
    app.button(key="autopsy_batchnorm-not-converged").click().run()
    assert not app.exception and went == ["pages/batchnorm.py"]
    there = visit(model="letters-mlp")
    for key in ("bn_first_tab", "bn_model"):
        there.session_state[key] = app.session_state[key]
    there.switch_page("pages/batchnorm.py")
    there.run()
    assert not there.exception and there.selectbox(key="bn_model").value == "letters-cnn"


def test_further_pictures_are_examined_together_until_they_are_taken_away() -> None:
    app = examined(**WRONG)
    alone = examination_of(app)
    files = [(FOLDER / name).read_bytes() for name in ("x-soft.png", "r-clean.png", "CREDITS.md")]
    uploader = app.file_uploader(key="autopsy_more_uploads_0")
    uploader.set_value(
        [("x.png", files[0], "image/png"), ("r.png", files[1], "image/png"), ("c.png", files[2], "image/png")]
    )
    app.run()
    assert not app.exception
    assert next(e.label for e in app.expander) == "2 pictures together", "the Lab's own R is there already"
    assert "is text, not a picture" in app.error[0].value
    together = examination_of(app)
    assert together is not alone and together.job.done.wait(PATIENCE)
    app.run()
    page = shown(app)
    assert "The pictures" in page and "2 pictures were examined together" in page
    assert "“R”" in page and "<b>X</b>" in page
    app.button(key="autopsy_only_one").click().run()
    assert not app.exception and next(e.label for e in app.expander) == "Add another picture"
    assert examination_of(app).subject.more == ()


def test_a_picture_can_be_kept_while_the_lab_shows_another() -> None:
    app = examined(**WRONG)
    app.button(key="autopsy_keep_picture").click().run()
    assert not app.exception
    lab_of(app).show_sample("x-soft")
    verdict_of(app)
    assert len(examination_of(app).subject.more) == 1
    assert "2 pictures were examined together" in shown(app)
