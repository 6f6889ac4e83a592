"""The paper's result from training to report."""
