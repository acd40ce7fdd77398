"""QR codes of payment notices, fast enough for whole print runs.

pagoPA prescribes version 4 (33 x 33 modules), error correction M, byte mode, at most
62 characters. With version, level and mask fixed, the symbol is a linear function
(over GF(2)) of its data bits: every bit set contributes a fixed pattern, so that
encoding is a handful of XORs of big integers instead of a search over the modules.
A symbol is one integer: 33 rows of 40 bits (33 modules, 7 bits of padding), a set bit
is a light module, as an image with one bit a pixel wants it.
"""

from functools import cache

SIZE = 33
ROW_BITS = 40
MAX_BYTES = 62
_DATA = 64  # data codewords, two blocks of 32
_BLOCK = 32
_EC = 18  # error correction codewords of a block
_FORMAT_M_MASK_0 = 0b101010000010010


@cache
def _gf_tables():
    """Exponents and logarithms of GF(256) modulo x^8+x^4+x^3+x^2+1."""
    exp, log, value = [0] * 512, [0] * 256, 1
    for power in range(255):
        exp[power] = exp[power + 255] = value
        log[value] = power
        value <<= 1
        if value & 0x100:
            value ^= 0x11D
    return exp, log


@cache
def _generator():
    exp, log = _gf_tables()
    poly = [1]
    for power in range(_EC):
        shifted = [*poly, 0]
        for index, coefficient in enumerate(poly):
            shifted[index + 1] ^= exp[log[coefficient] + power]
        poly = shifted
    return poly[1:]


def _error_correction(block):
    """The 18 Reed-Solomon codewords of a block of 32."""
    exp, log = _gf_tables()
    generator = [log[coefficient] for coefficient in _generator()]
    rest = [0] * _EC
    for byte in block:
        lead = byte ^ rest.pop(0)
        rest.append(0)
        if lead:
            power = log[lead]
            rest = [
                old ^ exp[power + coefficient]
                for old, coefficient in zip(rest, generator, strict=True)
            ]
    return rest


def _square(modules, row, column, size, dark):
    for r in range(max(row, 0), min(row + size, SIZE)):
        for c in range(max(column, 0), min(column + size, SIZE)):
            modules[r, c] = dark


def _function_modules():
    """Finders, alignment, timing and format modules: {(row, column): dark}."""
    modules = {}
    for row, column in ((0, 0), (0, SIZE - 7), (SIZE - 7, 0)):
        _square(modules, row - 1, column - 1, 9, False)
        _square(modules, row, column, 7, True)
        _square(modules, row + 1, column + 1, 5, False)
        _square(modules, row + 2, column + 2, 3, True)
    _square(modules, 24, 24, 5, True)
    _square(modules, 25, 25, 3, False)
    modules[26, 26] = True
    for index in range(8, SIZE - 8):
        modules[6, index] = modules[index, 6] = index % 2 == 0
    modules[SIZE - 8, 8] = True
    modules.update(_format_modules())
    return modules


def _format_modules():
    modules = {}
    around = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)]
    around += [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    apart = [(SIZE - 1 - i, 8) for i in range(7)]
    apart += [(8, SIZE - 8 + i) for i in range(8)]
    for index in range(15):
        dark = bool(_FORMAT_M_MASK_0 >> (14 - index) & 1)
        modules[around[index]] = modules[apart[index]] = dark
    return modules


def _placement(taken):
    """Free modules in the order in which codeword bits fill them."""
    upwards = True
    for right in (32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        rows = range(SIZE - 1, -1, -1) if upwards else range(SIZE)
        for row in rows:
            for column in (right, right - 1):
                if (row, column) not in taken:
                    yield row, column
        upwards = not upwards


def _bit(row, column):
    return 1 << ((SIZE - 1 - row) * ROW_BITS + ROW_BITS - 1 - column)


def _blank(function, free):
    """The symbol of 64 zero codewords: function modules and mask 0 only."""
    symbol = 0
    for row in range(SIZE):
        for column in range(SIZE):
            symbol |= _bit(row, column)
    for (row, column), dark in function.items():
        symbol ^= _bit(row, column) if dark else 0
    for row, column in free:
        symbol ^= _bit(row, column) if (row + column) % 2 == 0 else 0
    return symbol


def _codeword_order():
    """Position in the interleaved stream of (block, index) of data and correction."""
    order = {}
    for index in range(_BLOCK):
        for block in range(2):
            order[block, index] = 2 * index + block
    for index in range(_EC):
        for block in range(2):
            order[block, _BLOCK + index] = _DATA + 2 * index + block
    return order


@cache
def _basis():
    """(blank symbol, pattern of each of the 512 data bits, most significant first)."""
    function = _function_modules()
    free = list(_placement(function))
    order, patterns = _codeword_order(), []
    for codeword in range(_DATA):
        block, index = divmod(codeword, _BLOCK)
        for bit in range(7, -1, -1):
            data = [0] * _BLOCK
            data[index] = 1 << bit
            pattern = 0
            for offset, byte in enumerate(data + _error_correction(data)):
                start = order[block, offset] * 8
                for position in range(8):
                    if byte >> (7 - position) & 1:
                        pattern ^= _bit(*free[start + position])
            patterns.append(pattern)
    return _blank(function, free), patterns


def qr_symbol(text):
    """Encode ``text`` (at most 62 bytes in UTF-8) as a version 4-M symbol.

    :return: the symbol as an integer (see the module's text)
    :raise ValueError: when the text is too long
    """
    payload = text.encode()
    if len(payload) > MAX_BYTES:
        raise ValueError(f"{len(payload)} bytes are more than {MAX_BYTES}")
    bits = (0b0100 << 8 | len(payload)) << 8 * len(payload)
    bits = (bits | int.from_bytes(payload, "big")) << 4  # terminator
    missing = _DATA - len(payload) - 2
    for index in range(missing):
        bits = bits << 8 | (0x11 if index % 2 else 0xEC)
    symbol, patterns = _basis()
    for index, bit in enumerate(f"{bits:0{_DATA * 8}b}"):
        if bit == "1":
            symbol ^= patterns[index]
    return symbol


def qr_hex(text):
    """The symbol as hexadecimal digits, one bit a pixel, rows padded to 5 bytes."""
    return f"{qr_symbol(text):0{SIZE * ROW_BITS // 4}x}"


def qr_rows(text):
    """The symbol as 33 lists of booleans, true = dark (for tests and screens)."""
    symbol = qr_symbol(text)
    return [
        [not symbol & _bit(row, column) for column in range(SIZE)]
        for row in range(SIZE)
    ]
