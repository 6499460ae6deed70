"""The use cases of the source server. Each owns its transaction and takes what it needs by constructor."""
