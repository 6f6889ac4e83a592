"""Experiments on networks: accuracy over time, first spikes, early stop, sweeps."""
