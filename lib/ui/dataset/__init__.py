"""The Data set page: load, measure, look at the errors; each section of the screen in its own file."""
