"""The drawings of the site, as data: icons on a 16 px grid, the mark, and the sketches of empty pages."""

# name: what stands inside <svg viewBox="0 0 16 16">; drawn with a stroke of 1.6 in the colour of the text beside it.
ICONS = {
    "add": '<path d="M8 3v10M3 8h10"/>',
    "back": '<path d="M10 3.5 5.5 8l4.5 4.5"/>',
    "bell": (
        '<path d="M3 12h10c-1.2-1.1-1.4-2.4-1.4-4.6C11.6 5 10.2 3.2 8 3.2S4.4 5 4.4 7.4C4.4 9.6 4.2 10.9 3 12Z'
        'M6.7 14h2.6M8 3.2V2"/>'
    ),
    "check": '<path d="m3 8.5 3.2 3.2L13 4.8"/>',
    "clock": '<circle cx="8" cy="8" r="6.2"/><path d="M8 4.6V8l2.4 1.6"/>',
    "close": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "conflict": '<path d="M5.5 5.5V2.7h8v7h-3M2.5 5.5h8v7.8h-8z"/>',
    "down": '<path d="m3.5 6 4.5 4.5L12.5 6"/>',
    "forward": '<path d="M6 3.5 10.5 8 6 12.5"/>',
    "hidden": (
        '<path d="M2 2l12 12M6.4 6.5a2.2 2.2 0 0 0 3.1 3.1M4 4.6C2.3 5.8 1.3 8 1.3 8s2.4 4.6 6.7 4.6c1 0 2-.3 2.8-.7'
        'M7 3.4c.3 0 .7-.1 1-.1 4.3 0 6.7 4.7 6.7 4.7s-.5 1-1.5 2.1"/>'
    ),
    "lock": '<path d="M3.5 7.2h9v6.3h-9zM5.3 7.2V5a2.7 2.7 0 0 1 5.4 0v2.2"/>',
    "offline": ('<path d="M2 2l12 12M5 6a3 3 0 0 0-.6 6h7.2M7 4.4a3.6 3.6 0 0 1 4.4 3.1 2.3 2.3 0 0 1 2 3.4"/>'),
    "print": '<path d="M4.5 6V2h7v4M4.5 11.5h-2v-5h11v5h-2M4.5 9.5h7V14h-7z"/>',
    "spread": '<path d="M2 8h12M4.5 5 1.8 8l2.7 3M11.5 5l2.7 3-2.7 3"/>',
    "theme": '<circle cx="8" cy="8" r="6.2"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor"/>',
    "grip": '<path d="M6 4v.1M10 4v.1M6 8v.1M10 8v.1M6 12v.1M10 12v.1"/>',
    "up": '<path d="m3.5 10 4.5-4.5L12.5 10"/>',
    "warn": '<path d="M8 2 14.6 13.6H1.4zM8 6.4v3.4M8 11.7v.1"/>',
}

MARK = (
    '<svg viewBox="0 0 26 26" aria-hidden="true"><rect width="26" height="26" rx="6" fill="currentColor"/>'
    '<g stroke="var(--surface)" stroke-width="1.6" stroke-linecap="round">'
    '<path d="M5 19.5h16M5 16.5v3M9 17.5v2M13 16.5v3M17 17.5v2M21 16.5v3"/></g>'
    '<circle cx="17" cy="10.5" r="3.2" fill="var(--surface)"/></svg>'
)

# The 1-5 scale with nothing on it yet, and the scale that ends too early.
SKETCHES = {
    "empty": (
        '<path d="M5 44h220"/><path d="M5 40v7M60 41v5M115 40v7M170 41v5M225 40v7"/><g stroke-dasharray="3 3">'
        '<circle cx="115" cy="23" r="11"/><circle cx="142" cy="23" r="11"/><circle cx="170" cy="23" r="11"/></g>'
    ),
    "error": (
        '<path d="M5 44h150"/><path d="M5 40v7M60 41v5M115 40v7"/><path d="M163 44h62" stroke-dasharray="3 4"/>'
        '<circle cx="200" cy="23" r="11" stroke-dasharray="3 3"/>'
    ),
}
