"""Settings: `base` is safe for production behind HTTPS, `demo` serves plain HTTP on this machine, `test` tests."""
