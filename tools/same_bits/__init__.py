"""Networks and simulations of them whose every bit is to stay from build to build.

Nothing here is told from which build it runs: only the public interface of pysnn is used, as README
and docs describe it, so that an older build can be compared with a newer one.
"""
