"""What happened: event types, framed logs, and the run folder."""
