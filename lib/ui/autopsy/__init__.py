"""The Autopsy page's views and the examination behind them; `lab_bar` is what the Lab shows of it."""
