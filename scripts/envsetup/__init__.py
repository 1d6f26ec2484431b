"""Set-up of a checkout: interpreters, virtual environments, system packages. Stdlib only."""
