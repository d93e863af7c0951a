"""Settings, URLs and the WSGI entry: the only part of the service that reads the environment."""
