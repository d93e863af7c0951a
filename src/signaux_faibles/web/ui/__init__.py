"""Look of the service: style sheets, base page, French typography, error pages. Knows no company."""
