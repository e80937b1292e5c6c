"""A bar chart of CPU a request, as SVG."""

WIDTH, BAR, GAP, LEFT = 640, 22, 8, 150
COLOURS = {"arbstr": "#2f6fde", "nginx": "#8a8f98", "haproxy": "#b3b8c0", "portkey": "#d9dce1"}


def bars(title, cases):
    """`cases`: [(heading, {name: microseconds})]. Each case has a scale of its own."""
    parts, y = [], 34
    for heading, values in cases:
        parts.append(f'<text x="8" y="{y}" font-weight="600">{heading}</text>')
        y += 10
        longest = max(values.values())
        for name, value in values.items():
            width = max(2, (WIDTH - LEFT - 90) * value / longest)
            parts.append(f'<text x="{LEFT - 8}" y="{y + BAR - 6}" text-anchor="end">{name}</text>'
                         f'<rect x="{LEFT}" y="{y}" width="{width:.0f}" height="{BAR}" rx="3" fill="{COLOURS[name]}"/>'
                         f'<text x="{LEFT + width + 8:.0f}" y="{y + BAR - 6}">{value:,.1f} µs</text>')
            y += BAR + GAP
        y += 26
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" role="img" aria-label="{title}" '
            f'font-family="system-ui, sans-serif" font-size="13" fill="#22262b">'
            f'<rect width="{WIDTH}" height="{y}" fill="#ffffff"/>' + "".join(parts) + "</svg>\n")
