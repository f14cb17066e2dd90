"""People of the original town: their folders as typed records, read and written, and persons of ours made of them."""
