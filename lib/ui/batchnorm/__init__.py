"""The BatchNorm page's views."""
