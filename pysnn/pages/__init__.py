"""Pages of HTML: one file each that needs no other, and no network."""
