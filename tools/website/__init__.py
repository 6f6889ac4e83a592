"""What makes the documentation site and the notebooks of the documents."""
