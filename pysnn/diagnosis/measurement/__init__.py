"""The simulations of a diagnosis and the numbers that are made of them."""
