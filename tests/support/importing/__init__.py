"""What tests of importers share."""
