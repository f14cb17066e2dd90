"""The original town's formats: its matrices and block tables, and its replays, read, written and joined to ours."""
