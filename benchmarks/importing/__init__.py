"""A million people brought in one file, by workers that are killed."""
