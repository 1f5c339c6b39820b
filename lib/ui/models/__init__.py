"""The Models page's views, each a file named after what is on the screen. Which models there are is pages/models.py's."""
