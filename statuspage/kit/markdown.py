"""Public messages are Markdown: rendered once when posted, sanitised, and written as plain text for mail and SMS."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_BYTES = 32 * 1024

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image"]).enable("strikethrough")
_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "s",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
}


def to_html(text: str) -> str:
    """Safe HTML. Headings are brought down to strong lines, since a message stands inside somebody's page."""
    html = _parser.render(text)
    for level in "123456":
        html = html.replace(f"<h{level}>", "<p><strong>").replace(f"</h{level}>", "</strong></p>")
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )


def to_text(text: str) -> str:
    """The same words without Markdown's marks, paragraphs kept, links as "words (address)"."""
    blocks: list[str] = []
    prefix = ""
    for token in _parser.parse(text):
        if token.type == "list_item_open":
            prefix = "– "
        elif token.type == "inline":
            blocks.append(prefix + _inline_text(token))
            prefix = ""
        elif token.type in {"fence", "code_block"}:
            blocks.append(token.content.rstrip("\n"))
    return "\n\n".join(blocks)


def _inline_text(token: Token) -> str:
    words: list[str] = []
    address = ""
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            words.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        elif child.type == "link_open":
            address = str(child.attrs.get("href", ""))
        elif child.type == "link_close":
            words.append("" if words and words[-1] == address else f" ({address})")
    return "".join(words)
