"""How parts, their results and the values that they share travel."""
