"""What people meet of the package in a session: old names, HTML in notebooks."""
