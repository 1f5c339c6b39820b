"""Claims about preparing ahead: order, one thing at a time, errors where they belong, and no work for nobody."""

import threading

import pytest

from lib.evaluate.ahead import ahead


def test_everything_comes_in_order():
    assert list(ahead(lambda n: n * n, range(5))) == [0, 1, 4, 9, 16]
    assert list(ahead(str, [])) == []


def test_the_next_is_made_while_this_one_is_used():
    made = [threading.Event() for _ in range(3)]
    for place in ahead(lambda n: (made[n].set(), n)[1], range(3)):
        following = min(place + 1, 2)
        assert made[following].wait(10)  # without anybody asking for it


def test_an_error_comes_where_the_result_would():
    found = ahead(lambda n: 1 // n, [1, 1, 0, 1])
    assert next(found) == 1 and next(found) == 1
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_who_stops_asking_leaves_no_work_behind():
    asked = []
    found = ahead(lambda n: asked.append(n), range(100))
    next(found)
    found.close()
    assert len(asked) <= 2
