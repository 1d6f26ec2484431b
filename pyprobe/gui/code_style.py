"""Code style: fonts and colours of the code view and the console."""

import builtins
import keyword

from PyQt6.Qsci import QsciLexerPython, QsciScintilla
from PyQt6.QtCore import QObject
from PyQt6.QtGui import QColor, QFont, QFontDatabase

from pyprobe.gui.theme import CodeColors, Theme, blend

_MONOSPACE_FAMILIES = (
    "JetBrains Mono",
    "Cascadia Code",
    "SF Mono",
    "Menlo",
    "Source Code Pro",
    "Fira Code",
    "Consolas",
    "Ubuntu Mono",
    "DejaVu Sans Mono",
    "Noto Sans Mono",
    "Liberation Mono",
)
DEFAULT_FONT_POINTS = 10
_KEYWORD_SET, _BUILTIN_SET = 1, 2


def monospace_font(points: int = DEFAULT_FONT_POINTS) -> QFont:
    """Return the best fixed-width font this platform has."""
    # The list of fonts is asked, as matching a font by each of the names takes long.
    there = set(QFontDatabase.families())
    found = next((name for name in _MONOSPACE_FAMILIES if name in there), None)
    if found is not None:
        font = QFont(found, points)  # the editor takes one family, not a list
    else:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSize(points)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    return font


class PythonLexer(QsciLexerPython):
    """Python's lexer with this version's keywords, and the built-in names in a colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setHighlightSubidentifiers(False)

    def keywords(self, set_number: int) -> str:
        if set_number == _KEYWORD_SET:
            return " ".join((*keyword.kwlist, "match", "case", "type"))
        if set_number == _BUILTIN_SET:
            names = (name for name in dir(builtins) if not name.startswith("_"))
            return " ".join(name for name in names if name not in keyword.kwlist)
        return ""


def apply_code_style(view: QsciScintilla, lexer: PythonLexer, theme: Theme, font: QFont) -> None:
    """Set all of a code view's colours and fonts."""
    _style_lexer(lexer, theme.code, theme.surface, font)
    view.setLexer(lexer)
    view.setPaper(QColor(theme.surface))
    view.setColor(QColor(theme.code.text))
    view.setCaretForegroundColor(QColor(theme.accent))
    view.setCaretLineBackgroundColor(QColor(theme.current_line))
    view.setSelectionBackgroundColor(QColor(theme.selection))
    view.resetSelectionForegroundColor()
    view.setMarginsFont(font)
    view.setMarginsBackgroundColor(QColor(theme.surface))
    view.setMarginsForegroundColor(QColor(blend(theme.muted, theme.surface, 0.75)))
    view.setMatchedBraceBackgroundColor(QColor(theme.raised))
    view.setMatchedBraceForegroundColor(QColor(theme.accent))
    view.setUnmatchedBraceForegroundColor(QColor(theme.bad))
    view.setUnmatchedBraceBackgroundColor(QColor(theme.surface))
    view.setIndentationGuidesForegroundColor(QColor(theme.border))
    view.setIndentationGuidesBackgroundColor(QColor(theme.surface))


def _style_lexer(lexer: PythonLexer, colors: CodeColors, paper: str, font: QFont) -> None:
    lexer.setDefaultColor(QColor(colors.text))
    lexer.setDefaultPaper(QColor(paper))
    lexer.setDefaultFont(font)
    lexer.setColor(QColor(colors.text), -1)
    lexer.setPaper(QColor(paper), -1)
    lexer.setFont(font, -1)
    string_styles = (
        *(lexer.DoubleQuotedString, lexer.SingleQuotedString, lexer.UnclosedString),
        *(lexer.TripleDoubleQuotedString, lexer.TripleSingleQuotedString),
        *(lexer.DoubleQuotedFString, lexer.SingleQuotedFString),
        *(lexer.TripleDoubleQuotedFString, lexer.TripleSingleQuotedFString),
    )
    by_color = {
        colors.keyword: (lexer.Keyword,),
        colors.definition: (lexer.ClassName, lexer.FunctionMethodName),
        colors.decorator: (lexer.Decorator,),
        colors.string: string_styles,
        colors.number: (lexer.Number,),
        colors.comment: (lexer.Comment, lexer.CommentBlock),
        colors.operator: (lexer.Operator,),
        colors.builtin: (lexer.HighlightedIdentifier,),
    }
    for color, styles in by_color.items():
        for style in styles:
            lexer.setColor(QColor(color), style)
    italic = QFont(font)
    italic.setItalic(True)
    for style in (lexer.Comment, lexer.CommentBlock):
        lexer.setFont(italic, style)
