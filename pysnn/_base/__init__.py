"""What every room may use and what knows no network: checks, files, text tables, the machine."""
