"""Exams: labelled cases for every thought, and the report cards that say which model thinks what in which way."""
