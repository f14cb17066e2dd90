"""What paths and sight cost in a town."""
