"""What an officer can do, one use-case a module; each owns its transactions and knows no web."""
