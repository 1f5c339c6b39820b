"""The Keras classes that a model file may name. What is not on these lists is refused; how files are searched is not here.

On the lists are classes of Keras itself that compute and nothing else. Left out are those that hold code (Lambda), hand
over to another runtime or file (TFSMLayer, TorchModuleWrapper, JaxLayer, FlaxLayer), or read vocabularies from files
(StringLookup, IntegerLookup, TextVectorization). A test makes sure that every layer of the installed Keras is decided on.
"""

from __future__ import annotations


def named(text: str) -> frozenset[str]:
    """The words of a text as a set of names."""
    return frozenset(text.split())


MODELS = named("Sequential Functional Model")

_DIMENSIONAL = frozenset(
    name.format(n)
    for n in (1, 2, 3)
    for name in (
        "AdaptiveAveragePooling{}D",
        "AdaptiveMaxPooling{}D",
        "AveragePooling{}D",
        "AvgPool{}D",
        "Conv{}D",
        "Conv{}DTranspose",
        "ConvLSTM{}D",
        "Convolution{}D",
        "Convolution{}DTranspose",
        "Cropping{}D",
        "GlobalAveragePooling{}D",
        "GlobalAvgPool{}D",
        "GlobalMaxPool{}D",
        "GlobalMaxPooling{}D",
        "MaxPool{}D",
        "MaxPooling{}D",
        "SpatialDropout{}D",
        "UpSampling{}D",
        "ZeroPadding{}D",
    )
)

AUGMENTATIONS = named("""
    AugMix AutoContrast CutMix MixUp RandAugment RandomBrightness RandomColorDegeneration
    RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing RandomFlip
    RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective
    RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation
    RandomZoom
""")

DROPOUTS = named("""
    AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D
    SpatialDropout3D
""")

_ONE_BY_ONE = named("""
    Activation ActivityRegularization Add AdditiveAttention Attention Average BatchNormalization
    Bidirectional CategoryEncoding CenterCrop Concatenate ContrastLimitedAdaptiveHistogramEqualization
    Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot ELU EinsumDense Embedding Equalization
    Flatten GRU GRUCell GroupNormalization GroupQueryAttention GroupedQueryAttention Identity InputLayer
    LSTM LSTMCell LayerNormalization LeakyReLU Masking Maximum Minimum MultiHeadAttention Multiply
    Normalization PReLU Permute Pipeline RMSNormalization RNN ReLU RepeatVector Rescaling Reshape
    Resizing ReversibleEmbedding SeparableConv1D SeparableConv2D SeparableConvolution1D
    SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax Solarization SpectralNormalization
    StackedRNNCells Subtract ThresholdedReLU TimeDistributed UnitNormalization
""")

LAYERS = _DIMENSIONAL | AUGMENTATIONS | DROPOUTS | _ONE_BY_ONE

# Layers of keras.applications that are not in keras.layers: class name -> its module.
FAMILY_LAYERS = {"LayerScale": "keras.src.applications.convnext"}

LAMBDAS = named("Lambda __lambda__ TFOpLambda SlicingOpLambda ClassMethod InstanceMethod")
TEXT_LAYERS = named("StringLookup IntegerLookup TextVectorization Hashing HashedCrossing")
FOREIGN_LAYERS = named("TFSMLayer TorchModuleWrapper JaxLayer FlaxLayer")
# Sound, boxes and abstract bases: harmless, but no part of an image classifier.
UNUSED_LAYERS = named("MelSpectrogram STFTSpectrogram MaxNumBoundingBoxes Layer Wrapper")

PARTS = named("""
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity IdentityInitializer LecunNormal
    LecunUniform Ones Orthogonal OrthogonalInitializer RandomNormal RandomUniform TruncatedNormal
    VarianceScaling Zeros L1 L1L2 L2 OrthogonalRegularizer MaxNorm MinMaxNorm NonNeg UnitNorm
    DTypePolicy DTypePolicyMap FloatDTypePolicy Policy SeedGenerator
""")
"""Initialisers, regularisers, constraints, precision policies, random seeds."""

VALUES = named("__keras_tensor__ __tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __tuple__ TensorShape")
"""How Keras writes plain values."""

ACTIVATIONS = named("""
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu
    linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus
    softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold
""")

OPERATION_MODULES = frozenset(
    f"keras{src}.ops.{part}"
    for src in (".src", "")
    for part in ("numpy", "nn", "math", "image", "linalg", "core")
) | {"keras.ops"}
# Those of the core operations that take no function and loop over nothing.
CORE_OPERATIONS = named("""
    Cast SaturateCast ConvertToTensor Scatter ScatterUpdate Slice SliceUpdate StopGradient Unstack
""")
REFUSED_OPERATIONS = named("Map Scan AssociativeScan Switch WhileLoop Cond VectorizedMap ForiLoop")
