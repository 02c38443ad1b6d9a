"""The province from July 2021 to December 2025 in fast time, on a part of the baseline: growth, seasons, the merger.

All of it is synthetic; only the dates of decrees, schemes and of the merger are facts.
"""
