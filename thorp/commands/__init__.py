"""What the commands of `thorp` do. Each imports what it needs, so that help is instant and a replay loads no torch."""
