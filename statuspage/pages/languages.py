"""What pages and messages speak. To add one: name it here, then `python3 dev.py words` makes its catalog. Pure."""

ENGLISH = "en"
LANGUAGES = [(ENGLISH, "English"), ("de", "Deutsch")]
