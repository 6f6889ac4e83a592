"""What tests of conversions share."""
