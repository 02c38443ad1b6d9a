"""Who may write what, known to the gateway, to landing and to the command line."""
