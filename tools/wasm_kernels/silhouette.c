/*
 * The soft silhouette with vectors of four pixels: the same rule as _soft_silhouette_kernel.ts, which is the reference.
 *
 * Which pixels are covered and which faces a pixel remembers is decided in float64 by the same expressions as there, so
 * these decisions are equal to the bit. Distances are found in float64 at the first pixel of a group of four and
 * continued in float32 over the group.
 *
 * Positions are in pixels, y down. build.ts compiles this file; the caller owns all memory.
 */
#include "vectors.h"

enum { COVERED = 255 };

/* Largest exponent that still counts; added to 1 - p where it divides; hair around covered spans, in pixels. */
#define EXPONENT_LIMIT 32.0f
#define EPSILON 1e-7f
#define SPAN_EPSILON 1e-9

/* Squared edge lengths outside this range take the slow way to a unit vector. */
#define SHORT_EDGE 1e-12
#define LONG_EDGE 1e12

/* One silhouette: sizes, box and arrays. The order is that of the fields in _soft_silhouette_wasm.ts. */
typedef struct {
  int size, stride, face_count, edge_count, vertex_count, max_faces, bit_stride, block_stride;
  int column_start, column_end, row_start, row_end;
  int pair_capacity, pair_count;
  double margin, sharpness;
  double *positions;   /* [V, 2] */
  int *faces;          /* [F, 3] */
  int *edge_vertices;  /* [E, 2] */
  int *edge_faces;     /* [E, 2] the faces that run along the edge and against it, F for none */
  u8 *fronts;          /* [F + 1] 1 for front faces, 0 for the others and for face F */
  int *crossings;      /* [S, stride] changes of the number of front faces, all 0 between calls */
  u8 *counts;          /* [S, stride] faces that a pixel remembers, or COVERED */
  u8 *open_bits;       /* [S, bit_stride] one bit a pixel that takes more faces */
  u8 *block_bits;      /* [S / 8, block_stride] one bit for 8 x 8 pixels of which one is open */
  float *transparency; /* [S, stride] */
  float *weights;      /* [S, stride] */
  float *image;        /* [S, S] image that comes from outside or goes there */
  int *face_starts;    /* [F + 1] first group of each face */
  int *pair_pixels;    /* [groups] first pixel of a group of four */
  v128_t *pairs;       /* [groups, 4] ratio with the edge in its low bits, distance to the line, position, overhang */
  float *gradient;     /* [V, 2] */
} Silhouette;

static inline int is_open(const u8 *row, int first, int last) {
  for (; first <= last; first += 56) {
    int count = last - first + 1;
    u64 bits = load_u64(row + (first >> 3)) >> (first & 7);
    if (bits & ((count < 56 ? (u64)1 << count : (u64)1 << 56) - 1)) return 1;
  }
  return 0;
}

static void find_fronts(Silhouette *s) {
  for (int f = 0; f < s->face_count; f++) {
    const int *face = s->faces + 3 * f;
    v128_t a = load_point(s->positions, face[0]), b = load_point(s->positions, face[1]);
    v128_t c = load_point(s->positions, face[2]);
    v128_t product = wasm_f64x2_mul(wasm_f64x2_sub(b, a), swap_pair(wasm_f64x2_sub(c, a)));
    double area = wasm_f64x2_extract_lane(product, 0) - wasm_f64x2_extract_lane(product, 1);
    s->fronts[f] = area < 0 && area > -__builtin_inf();
  }
  s->fronts[s->face_count] = 0;
}

/* Edges that bound the front faces change the number of front faces along each row that they cross. */
static void mark_crossings(Silhouette *s) {
  const u8 *fronts = s->fronts;
  int last = s->size - 1;
  for (int e = 0; e < s->edge_count; e++) {
    int change = fronts[s->edge_faces[2 * e]] - fronts[s->edge_faces[2 * e + 1]];
    if (change == 0) continue;
    const double *a = s->positions + 2 * s->edge_vertices[2 * e];
    const double *b = s->positions + 2 * s->edge_vertices[2 * e + 1];
    if (a[1] > b[1]) {
      const double *swap = a;
      a = b, b = swap, change = -change;
    }
    if (!(b[1] > 0 && a[1] <= last)) continue;
    int row_start = a[1] <= 0 ? 0 : (int)__builtin_ceil(a[1]);
    int row_end = b[1] > last ? last : (int)__builtin_ceil(b[1]) - 1;
    double slope = (b[0] - a[0]) / (b[1] - a[1]);
    for (int y = row_start; y <= row_end; y++) {
      double x = a[0] + (y - a[1]) * slope;
      double column = change > 0 ? __builtin_ceil(x - SPAN_EPSILON) : __builtin_floor(x + SPAN_EPSILON) + 1;
      if (column > s->column_end) continue;
      s->crossings[y * s->stride + (column > s->column_start ? (int)column : s->column_start)] += change;
    }
  }
}

/* Sums the crossings up along the rows; clears them; marks covered pixels and opens the others. */
static void cover_pixels(Silhouette *s) {
  int first = s->column_start & ~15;
  v128_t one = wasm_f32x4_const_splat(1.0f), zero = wasm_i32x4_const_splat(0);
  for (int y = s->row_start; y <= s->row_end; y++) {
    int depth = 0;
    for (int x = first; x <= s->column_end; x += 16) {
      int o = y * s->stride + x;
      v128_t *changes = (v128_t *)(s->crossings + o), covered;
      v128_t c0 = changes[0], c1 = changes[1], c2 = changes[2], c3 = changes[3];
      if (wasm_v128_any_true(wasm_v128_or(wasm_v128_or(c0, c1), wasm_v128_or(c2, c3)))) {
        changes[0] = changes[1] = changes[2] = changes[3] = zero;
        c0 = running_sum(c0, &depth), c1 = running_sum(c1, &depth);
        c2 = running_sum(c2, &depth), c3 = running_sum(c3, &depth);
        covered = wasm_i8x16_narrow_i16x8(
            wasm_i16x8_narrow_i32x4(wasm_i32x4_gt(c0, zero), wasm_i32x4_gt(c1, zero)),
            wasm_i16x8_narrow_i32x4(wasm_i32x4_gt(c2, zero), wasm_i32x4_gt(c3, zero)));
      } else {
        covered = wasm_i8x16_splat(depth > 0 ? -1 : 0);
      }
      wasm_v128_store(s->counts + o, covered);
      unsigned open = ~wasm_i8x16_bitmask(covered) & 0xffff;
      store_u16(s->open_bits + y * s->bit_stride + (x >> 3), open);
      if (open == 0) continue;
      v128_t *transparency = (v128_t *)(s->transparency + o);
      transparency[0] = transparency[1] = transparency[2] = transparency[3] = one;
    }
  }
}

static void mark_blocks(Silhouette *s) {
  for (int block = s->row_start >> 3; block <= s->row_end >> 3; block++) {
    int top = 8 * block > s->row_start ? 8 * block : s->row_start;
    int bottom = 8 * block + 7 < s->row_end ? 8 * block + 7 : s->row_end;
    for (int byte = (s->column_start >> 6) * 8; byte <= s->column_end >> 3; byte += 8) {
      u64 open = 0;
      for (int y = top; y <= bottom; y++) open |= load_u64(s->open_bits + y * s->bit_stride + byte);
      const u64 low = 0x7f7f7f7f7f7f7f7full;
      u64 filled = (((open & low) + low) | open) & ~low; /* top bit of each byte that is not 0 */
      s->block_bits[block * s->block_stride + (byte >> 3)] = ((filled >> 7) * 0x0102040810204080ull) >> 56;
    }
  }
}

/* Begins an image: which pixels are covered, which are open. */
EXPORT void silhouette_cover(Silhouette *s) {
  find_fronts(s);
  mark_crossings(s);
  cover_pixels(s);
  mark_blocks(s);
  s->pair_count = 0;
}

/* Unit vectors of the three edges of a face, in float64 with short and endless edges minded. */
static void careful_units(const double *squares, double *inverses, double *lengths) {
  for (int e = 0; e < 3; e++) {
    lengths[e] = __builtin_sqrt(squares[e]);
    inverses[e] = squares[e] < 1e-200 ? 0 : 1 / lengths[e];
  }
}

/* Along a row, everything about an edge is linear in x: (distance to its line, position along it). */
typedef struct {
  v128_t slope, row;     /* float64 pairs, per pixel and at column 0 */
  double length;
  v128_t lane_distance, lane_position; /* slope times 0 to 3, float32 */
  v128_t normal;         /* float64 pair (ux, uy): unit vector */
} Edge;

static inline void set_edge(Edge *edge, v128_t vector, double inverse, double length) {
  v128_t unit = inverse > 0 ? wasm_f64x2_mul(vector, wasm_f64x2_splat(inverse)) : wasm_f64x2_const(1, 0);
  v128_t lanes = wasm_f32x4_const(0, 1, 2, 3), slope = swap_pair(unit); /* (uy, ux) */
  v128_t single = wasm_f32x4_demote_f64x2_zero(slope);
  edge->normal = unit;
  edge->slope = slope;
  edge->length = length;
  edge->lane_distance = wasm_f32x4_mul(lanes, wasm_i32x4_shuffle(single, single, 0, 0, 0, 0));
  edge->lane_position = wasm_f32x4_mul(lanes, wasm_i32x4_shuffle(single, single, 1, 1, 1, 1));
}

/* distance = qx uy - qy ux, position = qx ux + qy uy, with q from the edge's start to the pixel; at x = 0. */
static inline void set_row(Edge *edge, v128_t start, double y) {
  double qy = y - wasm_f64x2_extract_lane(start, 1);
  v128_t minus_x = wasm_f64x2_splat(-wasm_f64x2_extract_lane(start, 0));
  v128_t turned = wasm_f64x2_mul(edge->normal, wasm_f64x2_const(-1, 1));
  edge->row = wasm_f64x2_add(wasm_f64x2_mul(minus_x, edge->slope), wasm_f64x2_mul(wasm_f64x2_splat(qy), turned));
}

/* Of one edge and four pixels: distance to the line, position along it, overhang beyond its nearer end. */
typedef struct {
  v128_t distance, position, overhang, square;
} Reach;

static inline Reach reach_of(const Edge *edge, v128_t x) {
  v128_t both = wasm_f64x2_add(wasm_f64x2_mul(edge->slope, x), edge->row);
  v128_t single = wasm_f32x4_demote_f64x2_zero(both);
  float beyond = (float)(wasm_f64x2_extract_lane(both, 1) - edge->length);
  Reach r;
  r.distance = wasm_f32x4_add(wasm_i32x4_shuffle(single, single, 0, 0, 0, 0), edge->lane_distance);
  r.position = wasm_f32x4_add(wasm_i32x4_shuffle(single, single, 1, 1, 1, 1), edge->lane_position);
  v128_t end = wasm_f32x4_add(wasm_f32x4_splat(beyond), edge->lane_position);
  v128_t before = wasm_f32x4_neg(r.position);
  r.overhang = wasm_f32x4_pmax(wasm_f32x4_const_splat(0), wasm_f32x4_pmax(before, end));
  r.square = wasm_f32x4_add(wasm_f32x4_mul(r.distance, r.distance), wasm_f32x4_mul(r.overhang, r.overhang));
  return r;
}

/* exp(-z) for 0 <= z <= 32, to 1e-7 of its value. */
static inline v128_t exponential(v128_t z) {
  const v128_t magic = wasm_f32x4_const_splat(12582912.0f);
  v128_t y = wasm_f32x4_mul(z, wasm_f32x4_const_splat(-1.44269504f));
  v128_t shifted = wasm_f32x4_add(y, magic);
  v128_t f = wasm_f32x4_sub(y, wasm_f32x4_sub(shifted, magic)); /* -0.5 to 0.5 */
  v128_t p = wasm_f32x4_const_splat(1.5353362e-4f);
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), wasm_f32x4_const_splat(1.3398874e-3f));
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), wasm_f32x4_const_splat(9.6184373e-3f));
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), wasm_f32x4_const_splat(5.5503324e-2f));
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), wasm_f32x4_const_splat(2.4022648e-1f));
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), wasm_f32x4_const_splat(6.9314718e-1f));
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), wasm_f32x4_const_splat(1.0f));
  return wasm_i32x4_add(p, wasm_i32x4_shl(shifted, 23));
}

/* Bytes and vectors with a 1 or all ones in the lanes of a mask of four bits. */
static const unsigned LANE_BYTES[16] = {
    0x00000000, 0x00000001, 0x00000100, 0x00000101, 0x00010000, 0x00010001, 0x00010100, 0x00010101,
    0x01000000, 0x01000001, 0x01000100, 0x01000101, 0x01010000, 0x01010001, 0x01010100, 0x01010101};

static inline v128_t lane_mask(unsigned mask) {
  v128_t bits = wasm_i32x4_const(1, 2, 4, 8);
  return wasm_i32x4_eq(wasm_v128_and(wasm_i32x4_splat(mask), bits), bits);
}

/* Takes the bits away of those pixels of a group that have all faces that they remember. */
static void close_full(Silhouette *s, int o, int y, int x) {
  for (int i = 0; i < 4; i++) {
    if (s->counts[o + i] == s->max_faces) s->open_bits[y * s->bit_stride + ((x + i) >> 3)] &= ~(1 << ((x + i) & 7));
  }
}

/* Visits faces from `first` on; returns the face at which there is no room for more pairs, or F. */
EXPORT int silhouette_visit(Silhouette *s, int first) {
  const int size = s->size, last = size - 1, stride = s->stride, full = s->max_faces;
  const v128_t margin = wasm_f64x2_splat(s->margin);
  const v128_t sharpness = wasm_f32x4_splat((float)s->sharpness);
  int groups = s->pair_count;
  for (int f = first; f < s->face_count; f++) {
    s->face_starts[f] = groups;
    const int *face = s->faces + 3 * f;
    v128_t a = load_point(s->positions, face[0]), b = load_point(s->positions, face[1]);
    v128_t c = load_point(s->positions, face[2]);
    v128_t low = wasm_f64x2_sub(wasm_f64x2_pmin(wasm_f64x2_pmin(a, b), c), margin);
    v128_t high = wasm_f64x2_add(wasm_f64x2_pmax(wasm_f64x2_pmax(a, b), c), margin);
    double left = wasm_f64x2_extract_lane(low, 0), top = wasm_f64x2_extract_lane(low, 1);
    double right = wasm_f64x2_extract_lane(high, 0), bottom = wasm_f64x2_extract_lane(high, 1);
    /* A pixel is in the box if left <= x < right and, y being turned, top < y <= bottom. */
    if (!(right > 0 && left <= last && bottom >= 0 && top < last)) continue;
    int column_start = left <= 0 ? 0 : (int)__builtin_ceil(left);
    int column_end = right > last ? last : (int)__builtin_ceil(right) - 1;
    int row_start = top < 0 ? 0 : (int)__builtin_floor(top) + 1;
    int row_end = bottom >= last ? last : (int)__builtin_floor(bottom);
    if (column_start > column_end || row_start > row_end) continue;
    int open = 0;
    for (int block = row_start >> 3; block <= row_end >> 3 && !open; block++) {
      open = is_open(s->block_bits + block * s->block_stride, column_start >> 3, column_end >> 3);
    }
    if (!open) continue;
    v128_t u = wasm_f64x2_sub(b, a), v = wasm_f64x2_sub(c, b), w = wasm_f64x2_sub(a, c);
    v128_t product = wasm_f64x2_mul(u, swap_pair(v));
    double area = wasm_f64x2_extract_lane(product, 0) - wasm_f64x2_extract_lane(product, 1);
    if (!(area - area == 0)) continue; /* not finite */
    int width = column_end - column_start + 1;
    if (groups + (row_end - row_start + 1) * ((width + 3) / 4 + width / 56) > s->pair_capacity) {
      s->pair_count = groups;
      return f;
    }
    double squares[3] = {dot_self(u), dot_self(v), dot_self(w)}, inverses[3], lengths[3];
    if (squares[0] > SHORT_EDGE && squares[1] > SHORT_EDGE && squares[2] > SHORT_EDGE && squares[0] < LONG_EDGE &&
        squares[1] < LONG_EDGE && squares[2] < LONG_EDGE) {
      v128_t roots = wasm_f32x4_sqrt(wasm_f32x4_make((float)squares[0], (float)squares[1], (float)squares[2], 1.0f));
      v128_t parts = wasm_f32x4_div(wasm_f32x4_const_splat(1.0f), roots);
      inverses[0] = wasm_f32x4_extract_lane(parts, 0), lengths[0] = squares[0] * inverses[0];
      inverses[1] = wasm_f32x4_extract_lane(parts, 1), lengths[1] = squares[1] * inverses[1];
      inverses[2] = wasm_f32x4_extract_lane(parts, 2), lengths[2] = squares[2] * inverses[2];
    } else {
      careful_units(squares, inverses, lengths);
    }
    Edge edge_u, edge_v, edge_w;
    set_edge(&edge_u, u, inverses[0], lengths[0]);
    set_edge(&edge_v, v, inverses[1], lengths[1]);
    set_edge(&edge_w, w, inverses[2], lengths[2]);
    for (int y = row_start; y <= row_end; y++) {
      const u8 *bit_row = s->open_bits + y * s->bit_stride;
      int has_row = 0;
      for (int window = column_start; window <= column_end; window += 56) {
        int count = column_end - window + 1;
        u64 bits = load_u64(bit_row + (window >> 3)) >> (window & 7);
        bits &= (count < 56 ? (u64)1 << count : (u64)1 << 56) - 1;
        if (bits == 0) continue;
        if (!has_row) {
          set_row(&edge_u, a, y), set_row(&edge_v, b, y), set_row(&edge_w, c, y);
          has_row = 1;
        }
        while (bits) {
          int shift = __builtin_ctzll(bits), x = window + shift, o = y * stride + x;
          unsigned mask = (bits >> shift) & 15;
          bits &= ~((u64)15 << shift);
          unsigned counts = load_u32(s->counts + o) + LANE_BYTES[mask];
          store_u32(s->counts + o, counts);
          unsigned difference = counts ^ (full * 0x01010101u);
          if ((difference - 0x01010101u) & ~difference & 0x80808080u) close_full(s, o, y, x);
          v128_t at = wasm_f64x2_splat(x);
          Reach ru = reach_of(&edge_u, at), rv = reach_of(&edge_v, at), rw = reach_of(&edge_w, at);
          v128_t second = wasm_f32x4_lt(rv.square, ru.square);
          v128_t square = wasm_f32x4_pmin(ru.square, rv.square);
          v128_t third = wasm_f32x4_lt(rw.square, square);
          square = wasm_f32x4_pmin(square, rw.square);
          v128_t z = wasm_f32x4_mul(square, sharpness);
          v128_t near = wasm_v128_and(wasm_f32x4_lt(z, wasm_f32x4_const_splat(EXPONENT_LIMIT)), lane_mask(mask));
          if (!wasm_v128_any_true(near)) continue; /* p = 0: the face takes a place, no more */
          v128_t p = wasm_v128_and(exponential(z), near);
          v128_t rest = wasm_f32x4_sub(wasm_f32x4_const_splat(1.0f), p);
          wasm_v128_store(s->transparency + o, wasm_f32x4_mul(wasm_v128_load(s->transparency + o), rest));
          v128_t ratio = wasm_f32x4_div(p, wasm_f32x4_add(rest, wasm_f32x4_const_splat(EPSILON)));
          v128_t edge = wasm_v128_bitselect(wasm_i32x4_const_splat(2),
                                            wasm_v128_and(second, wasm_i32x4_const_splat(1)), third);
          v128_t distance = wasm_v128_bitselect(rw.distance, wasm_v128_bitselect(rv.distance, ru.distance, second), third);
          v128_t position = wasm_v128_bitselect(rw.position, wasm_v128_bitselect(rv.position, ru.position, second), third);
          v128_t overhang = wasm_v128_bitselect(rw.overhang, wasm_v128_bitselect(rv.overhang, ru.overhang, second), third);
          v128_t sign = wasm_v128_and(position, wasm_i32x4_const_splat((int)0x80000000));
          v128_t *pair = s->pairs + 4 * groups;
          pair[0] = wasm_v128_or(wasm_v128_andnot(ratio, wasm_i32x4_const_splat(3)), edge);
          pair[1] = distance;
          pair[2] = position;
          pair[3] = wasm_v128_or(overhang, sign);
          s->pair_pixels[groups++] = o;
        }
      }
    }
  }
  s->face_starts[s->face_count] = groups;
  s->pair_count = groups;
  return s->face_count;
}

/* Masks of the lanes that are covered and that remember faces, from four counts. */
static inline v128_t spread_counts(unsigned counts) {
  return wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_i32x4_make(counts, 0, 0, 0)));
}

/* Writes the image, 0 outside the object's box. */
EXPORT void silhouette_image(Silhouette *s) {
  const v128_t one = wasm_f32x4_const_splat(1.0f), covered = wasm_i32x4_const_splat(COVERED);
  const v128_t none = wasm_i32x4_const_splat(0);
  __builtin_memset(s->image, 0, (unsigned long)s->size * s->size * 4);
  for (int y = s->row_start; y <= s->row_end; y++) {
    float *row = s->image + y * s->size;
    int x = s->column_start;
    for (; x + 3 <= s->column_end; x += 4) {
      int o = y * s->stride + x;
      unsigned word = load_u32(s->counts + o);
      if (word == 0) continue;
      v128_t counts = spread_counts(word), value = wasm_f32x4_sub(one, wasm_v128_load(s->transparency + o));
      value = wasm_v128_bitselect(one, value, wasm_i32x4_eq(counts, covered));
      wasm_v128_store(row + x, wasm_v128_and(value, wasm_i32x4_ne(counts, none)));
    }
    for (; x <= s->column_end; x++) {
      int o = y * s->stride + x;
      row[x] = s->counts[o] == COVERED ? 1.0f : s->counts[o] == 0 ? 0.0f : 1.0f - s->transparency[o];
    }
  }
}

/* Sum over the box of value * (value - 2 target), with the image as target; sets the weights to factor * (value -
 * target) * transparency where faces are remembered. */
EXPORT double silhouette_compare(Silhouette *s, double scale) {
  const v128_t one = wasm_f32x4_const_splat(1.0f), covered = wasm_i32x4_const_splat(COVERED);
  const v128_t none = wasm_i32x4_const_splat(0), factor = wasm_f32x4_splat((float)scale);
  double total = 0;
  for (int y = s->row_start; y <= s->row_end; y++) {
    const float *row = s->image + y * s->size;
    v128_t sum = wasm_f32x4_const_splat(0);
    int x = s->column_start;
    for (; x + 3 <= s->column_end; x += 4) {
      int o = y * s->stride + x;
      unsigned word = load_u32(s->counts + o);
      if (word == 0) continue;
      v128_t target = wasm_v128_load(row + x);
      if (word == 0xffffffffu) {
        sum = wasm_f32x4_add(sum, wasm_f32x4_sub(one, wasm_f32x4_add(target, target)));
        continue;
      }
      v128_t counts = spread_counts(word), open = wasm_v128_load(s->transparency + o);
      v128_t full = wasm_i32x4_eq(counts, covered), any = wasm_i32x4_ne(counts, none);
      v128_t value = wasm_v128_and(wasm_v128_bitselect(one, wasm_f32x4_sub(one, open), full), any);
      v128_t rest = wasm_f32x4_sub(value, target);
      sum = wasm_f32x4_add(sum, wasm_f32x4_mul(value, wasm_f32x4_sub(rest, target)));
      wasm_v128_store(s->weights + o, wasm_f32x4_mul(wasm_f32x4_mul(rest, factor), open));
    }
    double sums = sum_lanes(sum);
    for (; x <= s->column_end; x++) {
      int o = y * s->stride + x, count = s->counts[o];
      if (count == 0) continue;
      float value = count == COVERED ? 1.0f : 1.0f - s->transparency[o];
      sums += value * (value - 2 * row[x]);
      s->weights[o] = (float)scale * (value - row[x]) * s->transparency[o];
    }
    total += sums;
  }
  return total;
}

/* Sets the weights to factor * gradient * transparency, with the image as gradient. */
EXPORT void silhouette_weigh(Silhouette *s, double scale) {
  for (int y = s->row_start; y <= s->row_end; y++) {
    const float *row = s->image + y * s->size;
    for (int x = s->column_start, o = y * s->stride + x; x <= s->column_end; x++, o++) {
      s->weights[o] = (float)scale * row[x] * s->transparency[o];
    }
  }
}

/* Sums of one edge of a face: f * distance, f * overhang, and both times the foot's position. */
typedef struct {
  v128_t distance, overhang, distance_foot, overhang_foot;
} Sums;

static inline void add_sums(Sums *sums, v128_t mask, v128_t d, v128_t o, v128_t df, v128_t of) {
  sums->distance = wasm_f32x4_add(sums->distance, wasm_v128_and(mask, d));
  sums->overhang = wasm_f32x4_add(sums->overhang, wasm_v128_and(mask, o));
  sums->distance_foot = wasm_f32x4_add(sums->distance_foot, wasm_v128_and(mask, df));
  sums->overhang_foot = wasm_f32x4_add(sums->overhang_foot, wasm_v128_and(mask, of));
}

/* Adds an edge's sums to its start and end: residues are distance * (uy, -ux) + overhang * (ux, uy). */
static inline void add_edge(v128_t vector, const Sums *sums, v128_t *start, v128_t *end) {
  double square = dot_self(vector), length = __builtin_sqrt(square);
  double inverse = square < 1e-200 ? 0 : 1 / length;
  v128_t unit = inverse > 0 ? wasm_f64x2_mul(vector, wasm_f64x2_splat(inverse)) : wasm_f64x2_const(1, 0);
  v128_t normal = wasm_f64x2_mul(swap_pair(unit), wasm_f64x2_const(1, -1));
  v128_t totals = sum_four(sums->distance, sums->overhang, sums->distance_foot, sums->overhang_foot);
  v128_t whole = wasm_f64x2_promote_low_f32x4(totals);
  v128_t foot = wasm_f64x2_mul(
      wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(totals, totals, 2, 3, 2, 3)), wasm_f64x2_splat(inverse));
  v128_t all = wasm_f64x2_add(wasm_f64x2_mul(wasm_i64x2_shuffle(whole, whole, 0, 0), normal),
                              wasm_f64x2_mul(wasm_i64x2_shuffle(whole, whole, 1, 1), unit));
  v128_t late = wasm_f64x2_add(wasm_f64x2_mul(wasm_i64x2_shuffle(foot, foot, 0, 0), normal),
                               wasm_f64x2_mul(wasm_i64x2_shuffle(foot, foot, 1, 1), unit));
  *end = wasm_f64x2_add(*end, late);
  *start = wasm_f64x2_add(*start, wasm_f64x2_sub(all, late));
}

static inline void add_gradient(float *gradient, int vertex, v128_t value) {
  gradient[2 * vertex] += (float)wasm_f64x2_extract_lane(value, 0);
  gradient[2 * vertex + 1] -= (float)wasm_f64x2_extract_lane(value, 1);
}

/* Adds up dL/dx and dL/dy (y up) of the vertices from the weights. */
EXPORT void silhouette_scatter(Silhouette *s) {
  const v128_t none = wasm_f32x4_const_splat(0);
  __builtin_memset(s->gradient, 0, (unsigned long)s->vertex_count * 8);
  for (int f = 0; f < s->face_count; f++) {
    int start = s->face_starts[f], end = s->face_starts[f + 1];
    if (start == end) continue;
    Sums u = {none, none, none, none}, v = u, w = u;
    for (int i = start; i < end; i++) {
      const v128_t *pair = s->pairs + 4 * i;
      v128_t edge = wasm_v128_and(pair[0], wasm_i32x4_const_splat(3));
      v128_t ratio = wasm_v128_andnot(pair[0], wasm_i32x4_const_splat(3));
      v128_t weight = wasm_f32x4_mul(wasm_v128_load(s->weights + s->pair_pixels[i]), ratio);
      weight = wasm_v128_and(weight, wasm_f32x4_gt(ratio, none)); /* other lanes may hold anything */
      v128_t foot = wasm_f32x4_sub(pair[2], pair[3]);
      v128_t d = wasm_f32x4_mul(weight, pair[1]), o = wasm_f32x4_mul(weight, pair[3]);
      v128_t df = wasm_f32x4_mul(d, foot), of = wasm_f32x4_mul(o, foot);
      add_sums(&u, wasm_i32x4_eq(edge, none), d, o, df, of);
      add_sums(&v, wasm_i32x4_eq(edge, wasm_i32x4_const_splat(1)), d, o, df, of);
      add_sums(&w, wasm_i32x4_eq(edge, wasm_i32x4_const_splat(2)), d, o, df, of);
    }
    const int *face = s->faces + 3 * f;
    v128_t a = load_point(s->positions, face[0]), b = load_point(s->positions, face[1]);
    v128_t c = load_point(s->positions, face[2]);
    v128_t ga = wasm_f64x2_const_splat(0), gb = ga, gc = ga;
    add_edge(wasm_f64x2_sub(b, a), &u, &ga, &gb);
    add_edge(wasm_f64x2_sub(c, b), &v, &gb, &gc);
    add_edge(wasm_f64x2_sub(a, c), &w, &gc, &ga);
    add_gradient(s->gradient, face[0], ga);
    add_gradient(s->gradient, face[1], gb);
    add_gradient(s->gradient, face[2], gc);
  }
}
