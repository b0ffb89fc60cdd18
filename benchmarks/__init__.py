"""Our times beside those of the peers, on the same inputs, in one run."""
