"""The class names: as many as the outputs, in their order, each one its own."""

from lib.zoo.imagenet import CLASSES, imagenet_classes


def test_there_are_a_thousand_and_no_two_are_the_same() -> None:
    names = imagenet_classes()
    assert len(names) == len(set(names)) == CLASSES == 1000
    assert all(name == name.strip() and name and not name.startswith("#") for name in names)


def test_known_places_of_the_official_order() -> None:
    names = imagenet_classes()
    # From the sheet of ILSVRC 2012: the first, the last, some between, and the two pairs that share a word.
    known = {
        0: "tench",
        151: "Chihuahua",
        281: "tabby",
        282: "tiger cat",
        285: "Egyptian cat",
        657: "missile",
    }
    known |= {134: "crane bird", 517: "crane", 638: "maillot", 639: "maillot tank suit"}
    known |= {744: "projectile", 967: "espresso", 999: "toilet tissue"}
    assert {index: names[index] for index in known} == known
