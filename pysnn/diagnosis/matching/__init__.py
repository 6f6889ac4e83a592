"""Which population stands for which node of a ReLU network, and whether they belong together."""
