"""BatchNorm under the microscope: why `fit` says 100 % and `predict` 33 % of the same pictures, and how that is repaired.

Importing this is cheap: TensorFlow comes in where a network is called, or in the separate process that trains.
"""

from lib.batchnorm.arithmetic import initial_weight, moving_average, updates_until

__all__ = ["initial_weight", "moving_average", "updates_until"]
