"""How believable people are: their interviews, compared and rated (Park et al. 2023, section 6)."""
