"""What is on the screen: the only part of the library that imports Streamlit or Plotly."""
