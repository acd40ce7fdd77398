"""Where everything stands on the pages of a letter."""

import unicodedata

from reportlab.lib.units import mm

from .letter_text import BOLD, Block
from .qr import MAX_BYTES, SIZE, qr_hex

TOP = 297 * mm
LEFT, RIGHT = 20 * mm, 190 * mm
WIDTH = RIGHT - LEFT
WINDOW_LEFT, WINDOW_TOP, WINDOW_WIDTH = 112 * mm, 55.5 * mm, 78 * mm
SERVICE_TOP, NUMBER_DROP = 44 * mm, 7 * mm
REFERENCES_TOP = 57 * mm
REFERENCE_WIDTH = 58 * mm  # the window begins there
DATE_TOP = 91 * mm
SUBJECT_TOP = 101 * mm
NEXT_TOP = 30 * mm
BOTTOM = 24 * mm
SIZE_TEXT, LEADING = 9.5, 13.2
SIZE_TABLE, ROW = 8.2, 13
SIZE_SMALL = 7
QR_SIDE = 24 * mm
QR_MAX = 6
INDENT = 5 * mm
# columns of a table of bills: key, share of the width, right aligned
COLUMNS = (
    ("number", 0.24, False),
    ("date", 0.13, False),
    ("due", 0.13, False),
    ("code", 0.20, False),
    ("amount", 0.15, True),
    ("open", 0.15, True),
)
COLUMNS_INTEREST = (
    ("number", 0.30, False),
    ("due", 0.16, False),
    ("open", 0.18, True),
    ("interest", 0.18, True),
    ("with_interest", 0.18, True),
)
_ESCAPES = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256))}
_ESCAPES |= {ord(char): f"\\{char}" for char in "\\()"}


class Page:
    """PDF operators of one page: shapes first, then text."""

    def __init__(self):
        self._shapes = []
        self._texts = []

    def text(self, x, y, operator):
        self._texts.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {operator}")

    def line(self, x1, y1, x2, y2, grey=0.6, width=0.5):
        self._shapes.append(
            f"{grey} G {width} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S"
        )

    def box(self, x, y, width, height, grey=0.93):
        self._shapes.append(f"{grey} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def qr(self, x, y, side, text):
        self._shapes.append(
            f"q {side:.2f} 0 0 {side:.2f} {x:.2f} {y:.2f} cm BI /W {SIZE} /H {SIZE}"
            f" /BPC 1 /CS /G /F /AHx ID {qr_hex(text)}> EI Q"
        )

    def operators(self):
        texts = "\n".join(self._texts)
        return "\n".join(self._shapes) + f"\n0 g BT\n{texts}\nET"


class Layout:
    """Breaks letters into pages; remembers what repeats from letter to letter."""

    def __init__(self, fonts, document):
        self._fonts = fonts
        self._document = document
        for font in fonts.faces:
            font.splitString(" ", document)
        self._operators = {}
        self._wrapped = {}

    # ------------------------------------------------------------------
    # text
    # ------------------------------------------------------------------
    def operator(self, text, style, size):
        """:return: operators that show ``text`` at the current point"""
        key = (text, style, size)
        operator = self._operators.get(key)
        if operator is None:
            if len(self._operators) > 50_000:
                self._operators.clear()
            operator = self._operators[key] = self._encode(text, style, size)
        return operator

    def _encode(self, text, style, size):
        font, document = self._fonts.faces[style], self._document
        if not text.isascii():
            text = "".join(map(self._printable(font), text))
        pieces = []
        for subset, codes in font.splitString(text, document):
            name = font.getSubsetInternalName(subset, document)
            shown = codes.decode("latin-1").translate(_ESCAPES)
            pieces.append(f"{name} {size} Tf ({shown}) Tj")
        return " ".join(pieces)

    def _printable(self, font):
        """:return: function that replaces what the font cannot draw"""
        glyphs = font.face.charToGlyph

        def printable(char):
            if ord(char) in glyphs or char == "\xa0":
                return char
            plain = unicodedata.normalize("NFKD", char)[0]
            return plain if ord(plain) in glyphs else "?"

        return printable

    def _put(self, page, x, y, text, style=0, size=SIZE_TEXT, right=False):
        if right:
            x -= self._fonts.width(text, style, size)
        page.text(x, y, self.operator(text, style, size))

    # ------------------------------------------------------------------
    # letterhead and page furniture
    # ------------------------------------------------------------------
    def letterhead(self, page, sender, text_left):
        x, y = text_left or LEFT, TOP - 16 * mm
        self._put(page, x, y, sender.name, BOLD, 12)
        for number, line in enumerate(sender.lines, 1):
            self._put(page, x, y - 2 - number * 10, line, size=8)
        for fold in (99 * mm, 198 * mm):
            page.line(4 * mm, TOP - fold, 8 * mm, TOP - fold, 0.7, 0.4)
        self._foot(page, sender)

    def running_head(self, page, sender, _text_left):
        y = TOP - 16 * mm
        self._put(page, LEFT, y, sender.name, BOLD, 9)
        page.line(LEFT, y - 5, RIGHT, y - 5)
        self._foot(page, sender)

    def _foot(self, page, sender):
        page.line(LEFT, 17 * mm, RIGHT, 17 * mm)
        lines = self._fonts.wrap(((0, sender.footer),), SIZE_SMALL, WIDTH - 30 * mm)
        for number, line in enumerate(lines[:3]):
            for x, style, text in line:
                y = 13 * mm - number * 9
                self._put(page, LEFT + x, y, text, style, SIZE_SMALL)

    def page_number(self, page, label):
        self._put(page, RIGHT, 13 * mm, label, size=SIZE_SMALL, right=True)

    # ------------------------------------------------------------------
    # the letter
    # ------------------------------------------------------------------
    def lay_out(self, letter):
        """:return: list of :class:`Page`"""
        flow = _Flow(self, letter)
        self._address(flow.page, letter.address)
        self._service(flow.page, letter.service)
        for number, (label, value) in enumerate(letter.references):
            y = TOP - REFERENCES_TOP - number * 12
            self._put(flow.page, LEFT, y, label, size=8)
            value = self._fonts.shorten(value, BOLD, 8, REFERENCE_WIDTH)
            self._put(flow.page, LEFT + 30 * mm, y, value, BOLD, 8)
        self._put(flow.page, LEFT, TOP - DATE_TOP, letter.date)
        flow.y = TOP - SUBJECT_TOP
        flow.paragraph(Block("heading", ((BOLD, letter.subject),)))
        flow.y -= 4
        for block in letter.blocks:
            if block.kind in letter.tables:
                flow.table(letter.tables[block.kind])
            elif block.kind == "payment":
                flow.payment(letter.tables["bills"])
            else:
                flow.paragraph(block)
        return flow.pages

    def _address(self, page, lines):
        """At most six lines that fit the window, smaller when long or many."""
        longest = max((self._fonts.width(line, 0, 10) for line in lines), default=0)
        size = 10 if longest <= WINDOW_WIDTH and len(lines) <= 5 else 8.5
        for number, line in enumerate(lines[:6]):
            text = self._fonts.shorten(line, 0, size, WINDOW_WIDTH)
            y = TOP - WINDOW_TOP - size - number * (size + 1.6)
            self._put(page, WINDOW_LEFT, y, text, size=size)

    def _service(self, page, service):
        """Above the window: the service asked of the post, a line for its number."""
        if not service:
            return
        y = TOP - SERVICE_TOP
        self._put(page, WINDOW_LEFT, y, service.upper(), BOLD, 9)
        self._put(page, WINDOW_LEFT, y - NUMBER_DROP, "N.", size=8)
        page.line(WINDOW_LEFT + 12, y - NUMBER_DROP - 2, RIGHT, y - NUMBER_DROP - 2)

    def wrapped(self, block, width):
        """Lines of a block, remembered: most paragraphs are the same in each letter."""
        key = (block.runs, block.kind)
        lines = self._wrapped.get(key)
        if lines is None:
            if len(self._wrapped) > 5_000:
                self._wrapped.clear()
            runs = block.runs
            if block.kind == "heading":
                runs = tuple((style | BOLD, text) for style, text in runs)
            lines = [
                [(x, self.operator(text, style, SIZE_TEXT)) for x, style, text in line]
                for line in self._fonts.wrap(runs, SIZE_TEXT, width)
            ]
            self._wrapped[key] = lines
        return lines


class _Flow:
    """The running text of one letter, from page to page."""

    def __init__(self, layout, letter):
        self.layout = layout
        self.letter = letter
        self.pages = [Page()]
        self.y = TOP - SUBJECT_TOP

    @property
    def page(self):
        return self.pages[-1]

    def need(self, height):
        """Turn the page unless ``height`` points are left on it.

        :return: whether the page was turned
        """
        if self.y - height >= BOTTOM:
            return False
        self.pages.append(Page())
        self.y = TOP - NEXT_TOP
        subject = self.letter.subject[:80]
        self.layout._put(self.page, RIGHT, TOP - 16 * mm, subject, size=8, right=True)
        return True

    def paragraph(self, block):
        indent = INDENT if block.kind == "bullet" else 0
        lines = self.layout.wrapped(block, WIDTH - indent)
        keep = min(len(lines), 2) + (2 if block.kind == "heading" else 0)
        self.need(keep * LEADING)
        if indent:
            bullet = self.layout.operator("•", 0, SIZE_TEXT)
            self.page.text(LEFT + 4, self.y, bullet)
        for line in lines:
            self.need(LEADING)
            for x, operator in line:
                self.page.text(LEFT + indent + x, self.y, operator)
            self.y -= LEADING
        self.y -= 2 if block.kind == "bullet" else 5

    # ------------------------------------------------------------------
    # tables of bills
    # ------------------------------------------------------------------
    def table(self, table):
        if not table.bills:
            return
        columns = _columns(table)
        if table.title:
            self.paragraph(Block("heading", ((BOLD, table.title),)))
        self.need(3 * ROW)
        self._heading(table, columns)
        if table.groups:
            self._groups(table, columns)
        else:
            self._bills(table, columns, table.bills)
        self._total(table)

    def _groups(self, table, columns):
        """The bills under the headings that they belong to, each with its sum."""
        first = 0
        for group in table.groups:
            self._need_row(table, columns, 2)
            self._caption(group.heading)
            self._bills(table, columns, table.bills[first : first + group.count])
            self._need_row(table, columns)
            self._caption(table.labels["subtotal"], group.subtotal)
            first += group.count

    def _caption(self, text, amount=""):
        """A row of the table without columns."""
        layout, style = self.layout, 0 if amount else BOLD
        text = layout._fonts.shorten(text, style, SIZE_TABLE, WIDTH - 30 * mm)
        layout._put(self.page, LEFT + 3, self.y, text, style, SIZE_TABLE)
        layout._put(self.page, RIGHT - 3, self.y, amount, BOLD, SIZE_TABLE, right=True)
        self.y -= ROW
        self._rule()

    def _bills(self, table, columns, bills):
        for bill in bills:
            self._need_row(table, columns)
            self._row(columns, bill._asdict() | {"code": bill.payment_code})
            self._rule()

    def _need_row(self, table, columns, count=1):
        """Repeat the heading where the table goes on on another page."""
        if self.need(count * ROW + 4):
            self._heading(table, columns)

    def _rule(self):
        self.page.line(LEFT, self.y + ROW - 4, RIGHT, self.y + ROW - 4, 0.85)

    def _heading(self, table, columns):
        self.page.box(LEFT, self.y - 4, WIDTH, ROW + 1)
        labels = dict(table.labels)
        labels["open_amount"] = labels["open"]
        self._row(columns, labels, BOLD)

    def _row(self, columns, values, style=0):
        for key, left, width, right in columns:
            text = self.layout._fonts.shorten(
                values[key] or "", style, SIZE_TABLE, width - 4
            )
            x = left + width - 3 if right else left + 3
            self.layout._put(self.page, x, self.y, text, style, SIZE_TABLE, right)
        self.y -= ROW

    def _total(self, table):
        if self.need(ROW):
            self.y -= ROW
        self.page.line(LEFT, self.y + ROW - 4, RIGHT, self.y + ROW - 4, 0.3, 0.8)
        self.y -= 2
        put = self.layout._put
        put(self.page, LEFT + 3, self.y, table.labels["total"], BOLD, SIZE_TEXT)
        put(self.page, RIGHT - 3, self.y, table.total, BOLD, SIZE_TEXT, right=True)
        self.y -= ROW + 8

    # ------------------------------------------------------------------
    # how to pay
    # ------------------------------------------------------------------
    def payment(self, table):
        """A QR code with its code and amount for each of the first bills."""
        bills = [b for b in table.bills if b.qr and len(b.qr.encode()) <= MAX_BYTES]
        for start in range(0, min(len(bills), QR_MAX), 2):
            self.need(QR_SIDE + 8)
            for column, bill in enumerate(bills[start : min(start + 2, QR_MAX)]):
                self._payment_box(table.labels, bill, LEFT + column * WIDTH / 2)
            self.y -= QR_SIDE + 8

    def _payment_box(self, labels, bill, x):
        top = self.y + SIZE_TEXT
        self.page.qr(x, top - QR_SIDE, QR_SIDE, bill.qr)
        rows = (
            (labels["number"], bill.number),
            (labels["open"], bill.open_amount),
            (labels["code"], bill.payment_code),
        )
        x += QR_SIDE + 3 * mm
        put, y = self.layout._put, top - 9
        for label, value in rows:
            put(self.page, x, y, label, size=SIZE_SMALL)
            put(self.page, x, y - 9, value, BOLD, SIZE_TABLE)
            y -= 21


def _columns(table):
    """:return: [(field of Bill, left, width, right aligned)], empty ones left out"""
    shown = [
        column
        for column in (COLUMNS_INTEREST if table.interest else COLUMNS)
        if column[0] != "code" or any(bill.payment_code for bill in table.bills)
    ]
    scale = WIDTH / sum(share for _key, share, _right in shown)
    columns, left = [], LEFT
    for key, share, right in shown:
        width = share * scale
        columns.append(("open_amount" if key == "open" else key, left, width, right))
        left += width
    return columns
