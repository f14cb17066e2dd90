"""Models larger than memory: weights held in tiers, read ahead of their use (FlexGen, Sheng et al. 2023)."""
