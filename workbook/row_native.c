/* Rows of a sheet's XML from their pieces, in one walk.
 *
 * row_native.py calls it; row_pieces.py joins the same without a compiler, and tests/test_row_pieces.py holds one
 * against the other. Whoever calls vouches for the numbers: `at` stays within its texts, `out` holds the longest rows.
 */

#include <stdint.h>
#include <string.h>

#ifdef _WIN32
#define PUBLIC __declspec(dllexport)
#else
#define PUBLIC __attribute__((visibility("default")))
#endif

enum { MOST_DIGITS = 20 };

static uint8_t *decimal(uint8_t *to, int64_t number)
{
    uint8_t digits[MOST_DIGITS], *from = digits + MOST_DIGITS;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        *--from = (uint8_t)('0' + left % 10);
    while (left /= 10);
    if (number < 0)
        *to++ = '-';
    size_t length = (size_t)(digits + MOST_DIGITS - from);
    memcpy(to, from, length);
    return to + length;
}

/* `rows` rows of `pieces` pieces, the first with the number `first`. A piece with `texts` is one of them, that between
 * bounds[n] and bounds[n + 1] with n from `at`, without it always the first; a piece without is the number in `at`,
 * without that the number of the row. Returns how many bytes stand in `out`. */
PUBLIC int64_t join_1(int64_t first, int64_t rows, int64_t pieces, const uint8_t *const *texts,
                      const int32_t *const *bounds, const int32_t *const *at, uint8_t *out)
{
    uint8_t *to = out;
    for (int64_t row = 0; row < rows; row++) {
        uint8_t number[MOST_DIGITS + 1];
        size_t digits = (size_t)(decimal(number, first + row) - number);
        for (int64_t piece = 0; piece < pieces; piece++) {
            if (texts[piece]) {
                const int32_t *bound = bounds[piece] + (at[piece] ? at[piece][row] : 0);
                size_t length = (size_t)(bound[1] - bound[0]);
                memcpy(to, texts[piece] + bound[0], length);
                to += length;
            } else if (at[piece]) {
                to = decimal(to, at[piece][row]);
            } else {
                memcpy(to, number, digits);
                to += digits;
            }
        }
    }
    return to - out;
}
