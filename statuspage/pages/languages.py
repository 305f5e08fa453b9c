"""The languages a page can speak. To add one: name it here, then `python3 dev.py words` makes its catalog. Pure."""

LANGUAGES = [("en", "English"), ("de", "Deutsch")]
