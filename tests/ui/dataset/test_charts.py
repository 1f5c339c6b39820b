"""Claims about the confusion figure: one clickable point a cell, and nobody's text as markup."""

import numpy as np

from lib.ui.dataset.charts import confusion_figure, label

TABLE = np.array([[8, 2], [0, 4]])


def test_every_cell_is_a_point_row_by_row_with_its_count() -> None:
    cells = confusion_figure(TABLE, ("A", "B"), None).data[2]
    assert list(zip(cells.y, cells.x, cells.text, strict=True)) == [
        (0, 0, "8"),
        (0, 1, "2"),
        (1, 0, ""),
        (1, 1, "4"),
    ]
    assert cells.customdata[1] == ["A", "B", "2", "20.0"]


def test_right_answers_and_errors_have_each_their_own_scale_and_empty_cells_none() -> None:
    right, wrong, _ = confusion_figure(TABLE, ("A", "B"), None).data
    np.testing.assert_array_equal(right.z, [[0.8, np.nan], [np.nan, 1.0]])
    np.testing.assert_array_equal(wrong.z, [[np.nan, 0.2], [np.nan, np.nan]])


def test_the_chosen_cell_has_a_frame() -> None:
    (frame,) = confusion_figure(TABLE, ("A", "B"), (0, 1)).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, -0.5, 0.5)
    assert confusion_figure(TABLE, ("A", "B"), None).layout.shapes == ()


def test_names_are_shown_as_they_are() -> None:
    assert "<" not in label("<a href='x'>y</a>") and "$" not in label("$x^2$")
    assert label("a\n b") == "a b" and label("abcdefghij", 5) == "abcd…"
    axis = confusion_figure(TABLE, ("<i>A</i>", "B"), None).layout.xaxis
    assert axis.ticktext[0] == "&lt;i&gt;A&lt;/i&gt;"
