"""One picture among its neighbours: in training mode the answer depends on the company."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from lib.html import picture as image
from lib.html import text
from lib.picture import Picture
from lib.ui.batchnorm.columns import bars
from lib.ui.batchnorm.figures import neighbours_figure
from lib.ui.batchnorm.layers import NO_BAR
from lib.ui.batchnorm.pictures import thumbnail
from lib.wording import probability


@st.fragment
def neighbours_view(
    key: str,
    pictures: Sequence[Picture],
    labels: Sequence[str],
    targets: Sequence[int | None],
    others: Sequence[Picture],
    answers: np.ndarray,
    class_names: Sequence[str],
) -> None:
    """Draws it.

    Args:
        others: pictures that join after the rest of `pictures` has.
        answers: float (N, M, K) as `among_neighbours` gives them for each picture.
    """
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        chosen = st.selectbox(
            "The picture",
            range(len(pictures)),
            format_func=lambda n: f"{n + 1} · {labels[n]}",
            key=f"{key}_picture",
        )
        most = answers.shape[1] - 1
        count = st.slider("Other pictures in its batch", 0, most, min(0, most), key=f"{key}_count")
        company = [*(p for n, p in enumerate(pictures) if n != chosen), *others][:most]
        st.html(
            f'<div class="bn"><div class="neighbours">{_image(pictures[chosen], "in self")}'
            f"{''.join(_image(p, 'in' if n < count else '') for n, p in enumerate(company))}</div>"
            f'<p data-testid="bn-neighbours">{text(sentence(answers[chosen], count, class_names))}</p>'
            f"{bars(answers[chosen, count], class_names, targets[chosen])}</div>"
        )
    with right:
        st.plotly_chart(
            neighbours_figure(answers[chosen], class_names, count),
            key=f"{key}_figure",
            config=NO_BAR,
            alt="Probabilities of the classes over the number of other pictures in the batch",
        )


def sentence(answers: np.ndarray, count: int, class_names: Sequence[str]) -> str:
    """What the network says in this company, and in which it says something else."""
    best = int(answers[count].argmax())
    company = "Alone in its batch" if count == 0 else f"Among {count} other{'s' if count > 1 else ''}"
    said = f"{company}, training=True says “{str(class_names[best])[:60]}” with {probability(answers[count, best])}."
    changes = int((answers.argmax(axis=1)[1:] != answers.argmax(axis=1)[:-1]).sum())
    if not changes:
        return f"{said} The class stays the same in every company here; its probability does not."
    times = "once" if changes == 1 else f"{changes} times"
    return f"{said} Only its neighbours change, and the answer changes {times} on the way from 0 to {len(answers) - 1}."


def _image(picture: Picture, css: str) -> str:
    return image(thumbnail(picture, 104), picture.name or "picture", css)
