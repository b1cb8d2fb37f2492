/* The rows of a sheet's XML -> its filled cells, in one walk.
 *
 * scan_native.py calls it; scan_planes.py finds the same with numpy on machines without a compiler, and
 * tests/test_scan.py holds one against the other. Only the plain way in which Excel, LibreOffice and XlsxWriter write
 * is understood, and every byte is vouched for. Whatever is unusual ends the walk with NOT_PLAIN.
 *
 * The rows end where "</sheetData>" begins, and nothing that is accepted here reaches over its "<": so no byte behind
 * "</sheetData>" is ever looked at. A place that is NULL: not plain.
 */

#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define PUBLIC __declspec(dllexport)
#else
#define PUBLIC __attribute__((visibility("default")))
#endif

#define READS(at, word) (memcmp(at, word, sizeof(word) - 1) == 0)

enum { NOT_PLAIN = -1, NOT_WHOLE = -1 };
enum { SHARED, NUMBER, BOOLEAN, ERROR, TEXT }; /* as in sheet_columns.py */
enum { MOST_ROWS = 1048576, MOST_COLUMNS = 16384, MOST_ATTRIBUTES = 16 };
enum { ROW_DIGITS = 7, STYLE_DIGITS = 3, WHOLE_DIGITS = 9 };

typedef const uint8_t *Place;

static int is_digit(uint8_t c) { return (uint8_t)(c - '0') <= 9; }

static int is_letter(uint8_t c) { return (uint8_t)((c | 32) - 'a') < 26 || c == '_'; }

static int is_of_name(uint8_t c) { return is_letter(c) || is_digit(c) || c == ':' || c == '.' || c == '-'; }

static int is_control(uint8_t c) { return c < ' ' && c != '\t' && c != '\n'; }

/* Up to `most` digits; the place behind them. */
static Place digits(Place at, int most, int32_t *number)
{
    *number = 0;
    for (; most > 0 && is_digit(*at); most--)
        *number = *number * 10 + (*at++ - '0');
    return at;
}

/* A character beyond ASCII, in UTF-8; the place behind it. */
static Place character(Place at)
{
    int more = *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
    int32_t least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
    int32_t code = *at & (0x3F >> more);
    if (*at < 0xC0 || *at > 0xF7)
        return NULL;
    for (at++; more > 0 && (*at & 0xC0) == 0x80; more--)
        code = code << 6 | (*at++ & 0x3F);
    return more == 0 && code >= least && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? at : NULL;
}

/* Text up to the next "<". */
static Place text(Place at)
{
    while (at && *at != '<') {
        if (*at == '>' || is_control(*at))
            return NULL;
        if (*at == '&' && !READS(at, "&amp;") && !READS(at, "&lt;") && !READS(at, "&gt;") && !READS(at, "&quot;")
            && !READS(at, "&apos;"))
            return NULL;
        at = *at < 0x80 ? at + 1 : character(at);
    }
    return at;
}

/* name="value" pairs, no name twice, and the end of the tag. `r`: where the value of r stands, else NULL; `empty`:
 * whether the tag has no content. */
static Place attributes(Place at, Place *r, int *empty)
{
    Place names[MOST_ATTRIBUTES];
    size_t lengths[MOST_ATTRIBUTES];
    *r = NULL;
    for (int count = 0; *at == ' ' && is_letter(at[1]); count++) {
        Place name = ++at;
        while (is_of_name(*at))
            at++;
        size_t length = (size_t)(at - name);
        if (count == MOST_ATTRIBUTES || !READS(at, "=\""))
            return NULL;
        for (int other = 0; other < count; other++)
            if (lengths[other] == length && memcmp(names[other], name, length) == 0)
                return NULL;
        names[count] = name;
        lengths[count] = length;
        at += 2;
        if (length == 1 && *name == 'r')
            *r = at;
        for (; *at != '"'; at++)
            if (*at == '<' || *at == '>' || *at == '&' || *at < ' ' || *at >= 0x80)
                return NULL;
        at++;
    }
    at += *at == ' ';
    *empty = *at == '/';
    at += *empty;
    return *at == '>' ? at + 1 : NULL;
}

static Place row_tag(Place at, int32_t *row, int *empty)
{
    Place r;
    if (!READS(at, "<row"))
        return NULL;
    at = attributes(at + 4, &r, empty);
    if (!at || !r)
        return NULL;
    return *digits(r, ROW_DIGITS, row) == '"' && *row >= 1 && *row <= MOST_ROWS ? at : NULL;
}

/* <c r="AB12" s="3" t="str">, in this order. */
static Place cell_tag(Place at, int32_t row, int32_t *column, int32_t *style, int *kind, int *empty)
{
    int32_t number, before = *column;
    if (!READS(at, "<c r=\""))
        return NULL;
    at += 6;
    *column = 0;
    for (int letters = 0; letters < 3 && *at >= 'A' && *at <= 'Z'; letters++)
        *column = *column * 26 + (*at++ - 'A' + 1);
    at = digits(at, ROW_DIGITS, &number);
    if (*at++ != '"' || number != row || *column <= before || *column > MOST_COLUMNS)
        return NULL;
    *style = 0;
    if (READS(at, " s=\"")) {
        Place begin = at + 4;
        at = digits(begin, STYLE_DIGITS, style);
        if (at == begin || *at++ != '"')
            return NULL;
    }
    *kind = NUMBER;
    if (READS(at, " t=\"")) {
        at += 4;
        *kind = *at == 's' ? SHARED : *at == 'n' ? NUMBER : *at == 'b' ? BOOLEAN : *at == 'e' ? ERROR : NOT_PLAIN;
        if (READS(at, "str")) {
            *kind = TEXT;
            at += 2;
        }
        if (*kind == NOT_PLAIN || *++at != '"')
            return NULL;
        at++;
    }
    at += *at == ' ' && at[1] == '/';
    *empty = *at == '/';
    at += *empty;
    return *at == '>' ? at + 1 : NULL;
}

/* <f>...</f>, <f .../>. */
static Place formula(Place at)
{
    Place r;
    int empty;
    at = attributes(at + 2, &r, &empty);
    if (!at || empty)
        return at;
    at = text(at);
    return at && READS(at, "</f>") ? at + 4 : NULL;
}

/* The filled cells of the rows that begin at `begin` and end at `end`, where "</sheetData>" stands: one of each array
 * for a cell, `start` and `stop` from the beginning of `xml`, `number` -1 where a value is no number of at most nine
 * digits; and in `extent` the last row and column that hold a value or a formula. At most one cell for each 20 bytes.
 * Returns how many cells, or NOT_PLAIN. */
PUBLIC int64_t scan_1(Place xml, int64_t begin, int64_t end, int32_t *rows, int16_t *columns, int16_t *styles,
                      uint8_t *kinds, int32_t *starts, int32_t *stops, int32_t *numbers, int32_t *extent)
{
    int64_t count = 0;
    int32_t row = 0, before = 0;
    extent[0] = extent[1] = 0;
    for (Place at = xml + begin; at < xml + end; before = row) {
        int empty, kind;
        int32_t column = 0, style;
        at = row_tag(at, &row, &empty);
        if (!at || row <= before)
            return NOT_PLAIN;
        while (!empty && !READS(at, "</row>")) {
            int bare, filled = 0;
            at = cell_tag(at, row, &column, &style, &kind, &bare);
            if (!at)
                return NOT_PLAIN;
            if (bare)
                continue;
            if (READS(at, "<f")) {
                at = formula(at);
                if (!at)
                    return NOT_PLAIN;
                filled = 1;
            }
            if (READS(at, "<v>")) {
                Place start = at + 3;
                at = digits(start, WHOLE_DIGITS, &numbers[count]);
                if (at == start || *at != '<') {
                    numbers[count] = NOT_WHOLE;
                    at = text(start);
                }
                if (!at || !READS(at, "</v>"))
                    return NOT_PLAIN;
                rows[count] = row;
                columns[count] = (int16_t)column;
                styles[count] = (int16_t)style;
                kinds[count] = (uint8_t)kind;
                starts[count] = (int32_t)(start - xml);
                stops[count] = (int32_t)(at - xml);
                count++;
                at += 4;
                filled = 1;
            }
            if (!READS(at, "</c>"))
                return NOT_PLAIN;
            at += 4;
            if (filled) {
                extent[0] = row;
                if (column > extent[1])
                    extent[1] = column;
            }
        }
        if (!empty)
            at += 6;
    }
    return count;
}
