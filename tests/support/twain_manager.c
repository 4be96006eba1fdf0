/* A source manager with two sources, by the TWAIN 2.x specification: ours, for tests, no maker's.
   It has the entry point of TWAINDSM.dll, keeps the states, and counts what is called out of order or not given back.
   Tests set the variables below before a session. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define OUT __declspec(dllexport)
#else
#define OUT __attribute__((visibility("default")))
#endif

OUT int pages = 3, is_loaded = 1, by_messages = 0, is_old = 0, has_sources = 1;
OUT int fail_page = 0, fail_strip = 0, condition = 0; /* the page (from 1) and strip (from 0) that fail, and how */
OUT int lost_rows = 0, is_height_unknown = 0, ends_at_once = 0, is_tiled = 0, vanilla = 0;
OUT int wrong_calls = 0, handles = 0, state = 2, feeder = 0, duplex = 0, pixel_type = 1, dpi = 300, indicators = 1;
OUT int transfers = -1, frame_width = 0, option = 0;

enum { WIDTH = 83, HEIGHT = 61, STRIP = 16 };
enum { OK, FAILURE, CHECK, CANCEL, EVENT, NOT_EVENT, DONE, END };

#pragma pack(push, 2)
typedef struct { int16_t whole; uint16_t part; } fix32;
typedef struct { uint32_t id; uint16_t major, minor, language, country; char info[34]; uint16_t p_major, p_minor;
                 uint32_t groups; char maker[34], family[34], product[34]; } identity;
typedef struct { uint16_t cap, container; void *handle; } capability;
typedef struct { uint16_t type; uint32_t item; } one_value;
typedef struct { uint16_t type; uint32_t count, current, standard; uint8_t items[64]; } enumeration;
typedef struct { uint16_t type; uint32_t low, high, step, standard, current; } range;
typedef struct { uint16_t compression; uint32_t row_bytes, columns, rows, x, y, written, flags, length; uint8_t *memory; } transfer;
typedef struct { fix32 x, y; int32_t width, height; int16_t samples, bits_a_sample[8], bits; uint16_t planar; int16_t type;
                 uint16_t compression; } image_info;
typedef struct { uint32_t size; void *entry, *allocate, *release, *lock, *unlock; } entry_point;
typedef uint16_t (*callback)(identity *, identity *, uint32_t, uint16_t, uint16_t, void *);
typedef struct { callback function; uint32_t reference; int16_t message; } callback_row;
#pragma pack(pop)

static identity program;
static callback heard;
static int page, row, strip, status, is_flatbed, is_told;

static void *allocate(uint32_t size) { void **handle = malloc(sizeof *handle); *handle = malloc(size); handles++; return handle; }
static void release(void *handle) { free(*(void **)handle); free(handle); handles--; }
static void *lock(void *handle) { return *(void **)handle; }
static void unlock(void *handle) { (void)handle; }

static uint16_t fail(int code) { status = code; return FAILURE; }
static uint16_t in_state(int wanted) { if (state == wanted) return OK; wrong_calls++; return fail(11); }
static uint32_t fixed(double value) { int32_t all = (int32_t)(value * 65536); fix32 out = {all >> 16, all & 0xffff}; uint32_t raw; memcpy(&raw, &out, 4); return raw; }

static void give(capability *to, int container, const void *data, uint32_t size) {
    to->container = container; to->handle = allocate(size); memcpy(lock(to->handle), data, size);
}
static uint16_t one(capability *to, int type, uint32_t value) { one_value out = {type, value}; give(to, 5, &out, sizeof out); return OK; }
static uint16_t some(capability *to, int type, int size, int count, const int *values, int current) {
    enumeration out = {type, count, 0, 0, {0}};
    for (int i = 0; i < count; i++) { memcpy(out.items + i * size, &values[i], size); if (values[i] == current) out.current = i; }
    give(to, 4, &out, 14 + count * size); return OK;
}

static uint16_t get(capability *cap, int is_all) {
    static const int types[] = {0, 1, 2}, switches[] = {0, 1}, mechanisms[] = {0, 2};
    switch (cap->cap) {
    case 0x0001: return one(cap, 1, transfers);
    case 0x0101: return is_all ? some(cap, 4, 2, 3, types, pixel_type) : one(cap, 4, pixel_type);
    case 0x0103: return is_all ? some(cap, 4, 2, 2, mechanisms, 2) : one(cap, 4, 2);
    case 0x1002: if (is_flatbed) return fail(13); return is_all ? some(cap, 6, 2, 2, switches, feeder) : one(cap, 6, feeder);
    case 0x1003: return one(cap, 6, is_loaded);
    case 0x100D: return one(cap, 6, 1);
    case 0x1012: return one(cap, 4, !is_flatbed);
    case 0x1111: return one(cap, 7, fixed(8.5));
    case 0x1112: return one(cap, 7, fixed(11.75));
    case 0x111F: return one(cap, 4, vanilla);
    case 0x1150: return one(cap, 6, option);
    case 0x1118: case 0x1119:
        if (is_all) { range out = {7, fixed(75), fixed(600), fixed(1), fixed(200), fixed(dpi)}; give(cap, 6, &out, sizeof out); return OK; }
        return one(cap, 7, fixed(dpi));
    }
    return fail(13);
}
static uint16_t set(capability *cap) {
    one_value *in = lock(cap->handle);
    if (cap->container != 5) return fail(10);
    switch (cap->cap) {
    case 0x0001: transfers = (int16_t)in->item; return OK;
    case 0x0100: case 0x0102: case 0x111C: case 0x1120: case 0x1007: return in->item > 1 ? fail(10) : OK;
    case 0x112B: return OK;
    case 0x0101: if (in->item > 2) return fail(10); pixel_type = in->item; return OK;
    case 0x0103: return in->item == 2 ? OK : fail(10);
    case 0x100B: indicators = in->item; return OK;
    case 0x1002: if (is_flatbed) return fail(13); feeder = in->item; return OK;
    case 0x1013: if (is_flatbed) return fail(13); duplex = in->item; return OK;
    case 0x1118: case 0x1119: { fix32 value; memcpy(&value, &in->item, 4); if (value.whole < 75 || value.whole > 600) return fail(10); dpi = value.whole; return OK; }
    case 0x1150: option = in->item; return OK;
    }
    return fail(13);
}

static uint16_t piece(transfer *out) {
    int bits = pixel_type == 0 ? 1 : pixel_type == 1 ? 8 : 24, stride = (WIDTH * bits + 31) / 32 * 4, last = HEIGHT - lost_rows;
    if (state != 6 && state != 7) return in_state(6);
    if (page == fail_page && strip == fail_strip) return condition ? fail(condition) : CANCEL;
    if (out->flags != 9 || out->length < (uint32_t)stride * STRIP) return fail(10);
    state = 7; strip++;
    out->compression = 0; out->row_bytes = stride; out->columns = is_tiled ? WIDTH / 2 : WIDTH; out->x = is_tiled && strip == 2 ? WIDTH / 2 : 0; out->y = row; out->rows = 0;
    while (out->rows < STRIP && row < last) {
        uint8_t *to = out->memory + out->rows * stride;
        memset(to, 0, stride);
        for (int x = 0; x < WIDTH * (bits == 24 ? 3 : 1); x++) {
            int value = (x + row * 3 + page) & 255;
            if (bits == 1) { if (((value >> 2) & 1) != vanilla) to[x / 8] |= 128 >> x % 8; } else to[x] = bits == 8 && vanilla ? 255 - value : value;
        }
        out->rows++; row++;
    }
    out->written = out->rows * stride;
    return row == last ? DONE : OK;
}

static uint16_t information(image_info *out) {
    int samples = pixel_type == 2 ? 3 : 1, bits = pixel_type == 0 ? 1 : 8;
    uint32_t raw = fixed(dpi);
    if (state != 6 && state != 7) return in_state(6);
    memset(out, 0, sizeof *out);
    memcpy(&out->x, &raw, 4); out->y = out->x;
    out->width = WIDTH; out->height = is_height_unknown && row == 0 ? -1 : HEIGHT;
    out->samples = samples; out->bits = bits * samples; out->type = pixel_type;
    for (int i = 0; i < samples; i++) out->bits_a_sample[i] = bits;
    return OK;
}

static uint16_t pending(uint16_t message, uint16_t *count) {
    if (message == 6 || message == 7) { if (state != 6) return in_state(6); if (message == 7) { state = 5; *count = 0; return OK; } }
    else if (state != 6 && state != 7) return in_state(7);
    page++; row = strip = 0;
    int most = feeder ? pages * (duplex ? 2 : 1) : 1;
    int left = page <= most && (transfers < 0 || page <= transfers);
    state = left ? 6 : 5; *count = left ? 0xffff : 0;
    return OK;
}

static uint16_t to_manager(uint16_t data, uint16_t message, void *value) {
    identity *who = value;
    if (data == 4 && message == 0x301) { if (in_state(2)) return FAILURE; if (!is_old) program.groups |= 0x10000000; state = 3; return OK; }
    if (data == 4 && message == 0x302) { if (in_state(3)) return FAILURE; state = 2; return OK; }
    if (data == 0x403) { entry_point *out = value; if (out->size != sizeof *out) return fail(10); out->allocate = allocate; out->release = release; out->lock = lock; out->unlock = unlock; return OK; }
    if (data != 3) return fail(9);
    if (message == 0x404 || message == 4 || message == 5) {
        static int at; at = message == 5 ? at + 1 : 0;
        if (!has_sources) return fail(3);
        if (at > 1) return END;
        memset(who, 0, sizeof *who); who->id = at + 1; strcpy(who->maker, "Ours"); strcpy(who->product, at ? "Flatbed" : "Feeder");
        return OK;
    }
    if (message == 0x401) { if (in_state(3)) return FAILURE; state = 4; is_flatbed = !strcmp(who->product, "Flatbed"); feeder = duplex = 0; heard = 0; return OK; }
    if (message == 0x402) { if (in_state(4)) return FAILURE; state = 3; return OK; }
    return fail(9);
}

static void tell(identity *source, uint16_t message) {
    if (message == 0x101) state = 6;
    is_told = 1;
    if (heard) heard(source, &program, 1, 0, message, 0);
}

static uint16_t to_source(identity *source, uint16_t data, uint16_t message, void *value) {
    switch (data) {
    case 1: if (state < 4) return in_state(4); if (message == 6) return in_state(4) ? FAILURE : set(value); return get(value, message == 1);
    case 2: {
        struct { void *event; uint16_t message; } __attribute__((packed)) *event = value;
        event->message = 0;
        if (!by_messages || is_told || state != 5) return NOT_EVENT;
        event->message = ends_at_once ? 0x102 : 0x101; tell(source, event->message);
        return EVENT; }
    case 5: return pending(message, value);
    case 6: { uint32_t *out = value; out[0] = 4096; out[1] = 1 << 20; out[2] = 8192; return OK; }
    case 9:
        if (message == 0x502) {
            if (in_state(4)) return FAILURE;
            if (*(uint16_t *)value) { wrong_calls++; return fail(10); }
            if (condition && !fail_page) return fail(condition);
            state = 5; page = 1; row = strip = is_told = 0;
            if (!by_messages) tell(source, ends_at_once ? 0x102 : 0x101);
            return OK;
        }
        if (in_state(5)) return FAILURE;
        state = 4; return OK;
    case 0x10: if (by_messages) return fail(9); heard = ((callback_row *)value)->function; return OK;
    case 0x101: return information(value);
    case 0x102: frame_width = ((fix32 *)value)[2].whole; return in_state(4);
    case 0x103: return piece(value);
    }
    return fail(9);
}

OUT uint16_t DSM_Entry(identity *from, identity *to, uint32_t group, uint16_t data, uint16_t message, void *value) {
    (void)group;
    if (data == 8) { ((uint16_t *)value)[0] = status; ((uint16_t *)value)[1] = 0; return OK; }
    program = *from;
    uint16_t code = to ? to_source(to, data, message, value) : to_manager(data, message, value);
    *from = program;
    return code;
}
