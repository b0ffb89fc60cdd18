"""What became of the reports: their history, what moved between two runs and why, and the page that lists them."""
