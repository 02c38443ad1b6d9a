"""Reference lists that codes in events point to: administrative units, agencies, procedures."""
