"""The pages: each view takes a form, asks one service, shows a template."""
