"""What the paper and the literature say: numbers, and words that no measurement changes."""
