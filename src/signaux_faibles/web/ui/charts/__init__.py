"""Charts of the service: SVG drawn on the server, each with the same figures in a table.

Takes frozen dataclasses of plain numbers, gives `Markup` (escaped HTML) ready for a template. Reads no database, knows
no permission, carries no colour and no `style` attribute: classes only. Abscissae are in per cent and ordinates in
pixels, so that a chart follows the width of the page while its text keeps its size.
"""
