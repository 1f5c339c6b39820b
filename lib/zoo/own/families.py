"""Recognises the networks of keras.applications by their layers' names, and knows how each wants its pixels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """A group of architectures in keras.applications that are preprocessed alike.

    Attributes:
        name: of the group.
        marks: layer names that occur together in these networks only; regular expressions.
        without: layer names that these networks do not have.
        members: (layer name, function in keras.applications): the first that occurs tells the member; "" always does.
        mode: of the value range step: what its `preprocess_input` gives.
        channel_order: "BGR" for those ported from Caffe.
        size: the side of its ImageNet pictures.
    """

    name: str
    marks: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    mode: str
    channel_order: str = "RGB"
    size: int = 224
    without: tuple[str, ...] = ()


_RESNET = (("conv3_block8_out", "ResNet152"), ("conv4_block23_out", "ResNet101"), ("", "ResNet50"))

FAMILIES = (
    Family(
        "ResNet",
        ("conv2_block1_1_conv", "conv2_block1_1_bn", "conv5_block3_out"),
        _RESNET,
        "caffe",
        "BGR",
        without=("conv2_block1_preact_bn",),
    ),
    Family(
        "ResNetV2",
        ("conv2_block1_preact_bn", "conv5_block3_out"),
        tuple((mark, f"{member}V2") for mark, member in _RESNET),
        "-1..1",
    ),
    Family(
        "VGG",
        ("block1_conv1", "block1_conv2", "block5_conv3", "block5_pool"),
        (("block5_conv4", "VGG19"), ("", "VGG16")),
        "caffe",
        "BGR",
    ),
    Family("MobileNet", ("conv_dw_1", "conv_pw_1", "conv_pw_13"), (("", "MobileNet"),), "-1..1"),
    Family(
        "MobileNetV2",
        ("bn_Conv1", "expanded_conv_depthwise", "block_16_project"),
        (("", "MobileNetV2"),),
        "-1..1",
    ),
    Family(
        "MobileNetV3",
        ("conv_bn", "expanded_conv_depthwise", "expanded_conv_project"),
        (("expanded_conv_14_project", "MobileNetV3Large"), ("", "MobileNetV3Small")),
        "0..255",
    ),
    Family(
        "EfficientNet",
        ("stem_conv", "block1a_dwconv", "block7a_project_conv"),
        (
            ("block6m_add", "EfficientNetB7"),
            ("block6k_add", "EfficientNetB6"),
            ("block6i_add", "EfficientNetB5"),
            ("block6h_add", "EfficientNetB4"),
            ("block6f_add", "EfficientNetB3"),
            ("block1b_add", "EfficientNetB1"),
            ("block1b_add", "EfficientNetB2"),  # the same layers as B1, only wider: called B1
            ("", "EfficientNetB0"),
        ),
        "0..255",
    ),
    Family(
        "EfficientNetV2",
        ("stem_conv", "block1a_project_conv", "block2a_expand_conv"),
        (
            ("block7g_add", "EfficientNetV2L"),
            ("block7e_add", "EfficientNetV2M"),
            ("block6o_add", "EfficientNetV2S"),
            ("block6l_add", "EfficientNetV2B3"),
            ("block6j_add", "EfficientNetV2B2"),
            ("block1b_add", "EfficientNetV2B1"),
            ("", "EfficientNetV2B0"),
        ),
        "0..255",
        without=("block1a_dwconv",),
    ),
    Family(
        "DenseNet",
        ("conv2_block1_0_bn", "conv2_block1_concat", "conv5_block16_concat"),
        (
            ("conv4_block48_concat", "DenseNet201"),
            ("conv5_block32_concat", "DenseNet169"),
            ("", "DenseNet121"),
        ),
        "torch",
    ),
    Family("InceptionV3", ("mixed0", "mixed9_0", "mixed10"), (("", "InceptionV3"),), "-1..1", size=299),
    Family(
        "InceptionResNetV2",
        ("mixed_5b", "block35_1_mixed", "conv_7b_bn"),
        (("", "InceptionResNetV2"),),
        "-1..1",
        size=299,
    ),
    Family(
        "Xception",
        ("block1_conv1", "block2_sepconv1", "block14_sepconv2"),
        (("", "Xception"),),
        "-1..1",
        size=299,
    ),
    Family(
        "NASNet",
        ("stem_conv1", "normal_concat_0"),
        (("normal_concat_18", "NASNetLarge"), ("", "NASNetMobile")),
        "-1..1",
    ),
    Family(
        "ConvNeXt",
        (r"convnext_\w+_stem", r"convnext_\w+_stage_0_block_0_depthwise_conv"),
        tuple(
            (rf"convnext_{size.lower()}_stem", f"ConvNeXt{size}")
            for size in ("Tiny", "Small", "Base", "Large", "XLarge")
        ),
        "0..255",
    ),
)

FUNCTIONS = tuple(sorted(member for family in FAMILIES for _, member in family.members))
"""The names in keras.applications."""

# Families with their scaling layers inside; without those (include_preprocessing=False) they want something else.
SELF_SCALING = {
    "EfficientNet": "0..255",
    "EfficientNetV2": "-1..1",
    "MobileNetV3": "-1..1",
    "ConvNeXt": "torch",
}


def recognise(layer_names: Iterable[str]) -> tuple[Family, str] | None:
    """The family and its member in keras.applications, or None.

    Args:
        layer_names: as in `Layer.name`; those of nested models count by their last part.
    """
    names = {re.sub(r"#\d+$", "", name).rsplit("/", 1)[-1] for name in layer_names}

    def has(mark: str) -> bool:
        return mark in names or ("\\" in mark and any(re.fullmatch(mark, name) for name in names))

    for family in FAMILIES:
        if all(map(has, family.marks)) and not any(map(has, family.without)):
            return family, next(
                (member for mark, member in family.members if not mark or has(mark)), family.name
            )
    return None
