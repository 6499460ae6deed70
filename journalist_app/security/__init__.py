"""One file per defence of the officers' pages; each is on by default."""
