"""Misread's library: everything but the pages. Below `lib/ui/` nothing imports Streamlit, so a notebook can use it."""
