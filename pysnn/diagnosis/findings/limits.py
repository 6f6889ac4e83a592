"""What makes a finding: shares above which a number stands out. docs/diagnosis.md says of what."""

SILENT = 0.2  # of the neurons that are due at least one spike
LEFT = 0.5  # of the spikes that are due, waiting as charge
CHARGE = 0.2  # of the spikes that are due, missing for one cause
MULTI_SPIKES = 0.1  # of the spikes
BURSTS = 0.1  # of the charge received, lost to bursts alone
CLIPPED = 0.02  # of the activation
DROPPED = 0.05  # of the spikes that are due
DEAD = 0.05  # of the neurons
CHANCE = 0.01  # of the accuracy

# A conversion that costs this much of the accuracy, beside what bursts and chance do, has a cause:
# where nothing reaches the limits of charge, they are halved, at most so many times.
COSTLY = 0.03
MAX_HALVINGS = 3
